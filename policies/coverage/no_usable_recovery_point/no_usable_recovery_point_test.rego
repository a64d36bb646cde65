package backstop.coverage.no_usable_recovery_point_test

import data.backstop.coverage.no_usable_recovery_point as rule

none(points, unfinished, expired, undecryptable) := {
	"count": points,
	"unfinished": unfinished,
	"expired": expired,
	"undecryptable": undecryptable,
}

resource(selected_by, none_usable) := {"selected_by": selected_by, "recovery": {"here": {"points": {"none_usable": none_usable}}}}

test_passes_where_a_point_can_be_restored if {
	rule.applies with input as resource(["daily"], null)
	count(rule.violations) == 0 with input as resource(["daily"], null)
}

test_fails_without_a_point if {
	rule.violations == {{
		"message": "Plan 'daily' selects it, and there is no recovery point of it in its own account and Region.",
		"at": "recovery.here.points.none_usable",
	}} with input as resource(["daily"], none(0, 0, 0, 0))
}

test_fails_where_none_of_its_points_can_be_restored if {
	rule.violations == {{
		"message": "Plans 'daily', 'weekly' select it, and none of its recovery points in its own account and Region can be restored (never completed: 1, expired or being deleted: 2, under a key that does not decrypt: 3).",
		"at": "recovery.here.points.none_usable",
	}} with input as resource(["weekly", "daily"], none(6, 1, 2, 3))
}

test_does_not_apply_to_what_no_plan_selects if {
	not rule.applies with input as resource([], none(0, 0, 0, 0))
}
