package backstop.retention.shorter_than_interval_test

import data.backstop.retention.shorter_than_interval

rule(kept, gap_hours) := {
	"name": "weekly",
	"schedule": {"largest_gap_hours": gap_hours},
	"lifecycle": {"delete_after_days": kept},
}

test_fails_an_hour_below_the_gap if {
	violations := shorter_than_interval.violations with input as rule(7, 169)
	violations == {{
		"message": "Rule 'weekly' keeps points for 7 days, and up to 169 hours pass between two of its runs: in between there is no point at all.",
		"at": "lifecycle.delete_after_days",
	}}
	shorter_than_interval.applies with input as rule(7, 169)
}

test_passes_at_the_gap_and_above if {
	every gap_hours in [168, 167] {
		count(shorter_than_interval.violations) == 0 with input as rule(7, gap_hours)
	}
}

test_passes_where_points_are_kept_for_ever if {
	count(shorter_than_interval.violations) == 0 with input as rule(null, 8784)
}

test_does_not_apply_to_a_rule_that_never_fires if {
	not shorter_than_interval.applies with input as rule(7, null)
}
