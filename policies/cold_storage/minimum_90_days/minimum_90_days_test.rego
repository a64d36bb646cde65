package backstop.cold_storage.minimum_90_days_test

import data.backstop.cold_storage.minimum_90_days

lifecycle(transition, kept) := {
	"move_to_cold_storage_after_days": transition,
	"delete_after_days": kept,
}

rule(transition, kept) := {"name": "daily", "lifecycle": lifecycle(transition, kept), "copies": []}

copying(transition, kept) := {
	"name": "daily",
	"lifecycle": lifecycle(null, 30),
	"copies": [{
		"destination": {"arn": "arn:replica", "name": "replica"},
		"lifecycle": lifecycle(transition, kept),
	}],
}

test_fails_one_day_short if {
	violations := minimum_90_days.violations with input as rule(30, 119)
	violations == {{
		"message": "Rule 'daily' keeps points for 119 days, and moves them to cold storage after 30: AWS refuses the plan, because they must then be kept for 120 days.",
		"at": "lifecycle.delete_after_days",
	}}
}

test_passes_at_90_days_and_above if {
	every kept in [120, 121] {
		count(minimum_90_days.violations) == 0 with input as rule(30, kept)
	}
}

test_passes_where_points_are_kept_for_ever if {
	count(minimum_90_days.violations) == 0 with input as rule(30, null)
}

test_fails_where_a_copy_is_one_day_short if {
	violations := minimum_90_days.violations with input as copying(30, 119)
	violations == {{
		"message": "Rule 'daily' keeps copies in vault 'replica' for 119 days, and moves them to cold storage after 30: AWS refuses the plan, because they must then be kept for 120 days.",
		"at": "copies.lifecycle.delete_after_days",
		"for": "arn:replica",
	}}
}

test_passes_where_a_copy_stays_for_90_days_or_for_ever if {
	every kept in [120, 121, null] {
		count(minimum_90_days.violations) == 0 with input as copying(30, kept)
	}
}

test_applies_where_the_rule_or_a_copy_moves_points if {
	minimum_90_days.applies with input as rule(30, 120)
	minimum_90_days.applies with input as copying(30, 120)
}

test_does_not_apply_where_nothing_moves if {
	not minimum_90_days.applies with input as rule(null, 7)
	not minimum_90_days.applies with input as copying(null, 7)
	count(minimum_90_days.violations) == 0 with input as copying(null, 7)
}
