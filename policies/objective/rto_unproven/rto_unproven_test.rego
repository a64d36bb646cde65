package backstop.objective.rto_unproven_test

import data.backstop.objective.rto_unproven as rule

resource(restored, validated, slowest) := {
	"recovery": {
		"promised": true,
		"tests": {"type_can_be_tested": true},
		"restores": {
			"last_restored_days_ago": restored,
			"last_validated_days_ago": validated,
			"slowest": slowest,
		},
	},
	"params": {"rto_hours": 6, "restore_test_days": 90},
}

took(days_ago, minutes) := {"days_ago": days_ago, "minutes": minutes}

untestable(restored) := object.union(
	resource(restored, null, []),
	{"recovery": {"tests": {"type_can_be_tested": false}}},
)

test_passes_with_a_validated_restore_within_the_period if {
	rule.applies with input as resource(90, 90, [took(90, 360)])
	every days in [0, 89, 90] {
		count(rule.violations) == 0 with input as resource(days, days, [took(days, 360)])
	}
}

test_fails_without_a_restore if {
	rule.violations == {{
		"message": "No restore of it that was completed within 90 days is listed.",
		"at": "recovery.restores.last_restored_days_ago",
	}} with input as resource(null, null, [])
}

test_fails_where_the_newest_restore_is_too_long_ago if {
	rule.violations == {{
		"message": "No restore of it that was completed within 90 days is listed; the newest ended 91 days ago.",
		"at": "recovery.restores.last_restored_days_ago",
	}} with input as resource(91, 91, [took(91, 30)])
}

test_fails_where_no_result_was_validated if {
	rule.violations == {{
		"message": "It was restored, and no restore whose result was validated within 90 days is listed.",
		"at": "recovery.restores.last_validated_days_ago",
	}} with input as resource(3, null, [took(3, 30)])
}

test_fails_where_the_newest_validation_is_too_long_ago if {
	rule.violations == {{
		"message": "It was restored, and no restore whose result was validated within 90 days is listed; the newest ended 91 days ago.",
		"at": "recovery.restores.last_validated_days_ago",
	}} with input as resource(3, 91, [took(3, 30)])
}

test_fails_where_a_restore_took_a_minute_too_long if {
	rule.violations == {{
		"message": "A restore of it within 90 days took 361 minutes; at most 6 hours are wanted.",
		"at": "recovery.restores.slowest.minutes",
	}} with input as resource(3, 3, [took(3, 30), took(40, 361)])
}

test_what_was_slow_before_the_period_no_longer_counts if {
	count(rule.violations) == 0 with input as resource(3, 3, [took(3, 30), took(91, 999)])
}

test_a_restore_is_enough_for_types_that_cannot_be_tested if {
	count(rule.violations) == 0 with input as untestable(3)
	count(rule.violations) == 1 with input as untestable(null)
}

test_does_not_apply_where_no_points_are_promised if {
	not rule.applies with input as object.union(resource(3, 3, []), {"recovery": {"promised": false}})
}
