package backstop.retention.recovery_point_below_required_test

import data.backstop.retention.recovery_point_below_required

point(kept, made_by) := {
	"status": "COMPLETED",
	"lifecycle": {"delete_after_days": kept},
	"made_by": made_by,
	"params": {"retention_days": 30},
}

rule(kept) := {"plan": "main", "rule": "daily", "delete_after_days": kept}

messages := {violation.message | some violation in recovery_point_below_required.violations}

test_fails_one_day_below_its_rule if {
	found := messages with input as point(34, rule(35))
	found == {"The point is kept for 34 days; rule 'daily' of plan 'main' keeps its points for 35 days."}
}

test_passes_at_the_retention_of_its_rule_and_above if {
	every kept in [35, 36, null] {
		count(recovery_point_below_required.violations) == 0 with input as point(kept, rule(35))
	}
}

test_fails_where_its_rule_keeps_points_for_ever if {
	found := messages with input as point(365, rule(null))
	found == {"The point is kept for 365 days; rule 'daily' of plan 'main' keeps its points for ever."}
}

test_passes_where_both_are_kept_for_ever if {
	count(recovery_point_below_required.violations) == 0 with input as point(null, rule(null))
}

test_fails_one_day_below_the_requirement_though_its_rule_asks_no_more if {
	found := messages with input as point(29, rule(29))
	found == {"The point is kept for 29 days; every point must be kept for 30 days."}
}

test_tells_once_a_point_below_both if {
	found := messages with input as point(7, rule(29))
	found == {"The point is kept for 7 days; rule 'daily' of plan 'main' keeps its points for 29 days."}
}

test_a_point_without_a_rule_is_held_to_the_requirement_only if {
	count(recovery_point_below_required.violations) == 1 with input as point(29, null)
	every kept in [30, 31, null] {
		count(recovery_point_below_required.violations) == 0 with input as point(kept, null)
	}
}

test_the_violation_stands_at_the_retention if {
	every made_by in [rule(35), null] {
		{"lifecycle.delete_after_days"} == {violation.at | some violation in recovery_point_below_required.violations} with input as point(7, made_by)
	}
}

test_applies_to_points_that_can_still_be_kept if {
	every status in ["COMPLETED", "AVAILABLE", "PARTIAL", "STOPPED"] {
		recovery_point_below_required.applies with input as object.union(point(7, null), {"status": status})
	}
}

test_does_not_apply_to_points_on_their_way_in_or_out if {
	every status in ["CREATING", "EXPIRED", "DELETING"] {
		not recovery_point_below_required.applies with input as object.union(point(7, null), {"status": status})
	}
}
