package backstop.objective.rpo_not_guaranteed_test

import data.backstop.objective.rpo_not_guaranteed as rule

bound(hours, gap, dominant) := {
	"rpo_hours": hours,
	"gap_minutes": gap,
	"start_window_minutes": 60,
	"completion_window_minutes": 300,
	"dominated_by": dominant,
}

none(dominant) := {
	"rpo_hours": null,
	"gap_minutes": null,
	"start_window_minutes": null,
	"completion_window_minutes": null,
	"dominated_by": dominant,
}

of_types(types, guaranteed) := {"types": types, "read_on": "2026-11-22", "guaranteed": guaranteed}

of_copy(before) := {"destination": "arn:replica", "name": "replica", "before_the_copy": before}

plan(by_type, copies) := {
	"name": "main",
	"objectives": {"by_type": by_type, "copies": copies},
	"params": {"rpo_hours": 24},
}

test_the_daily_rule_of_the_specification_guarantees_30_hours_and_not_24 if {
	violations := rule.violations with input as plan([of_types(["DynamoDB"], bound(30, 1440, "schedule_gap"))], [])
	violations == {{
		"message": "Plan 'main' guarantees 'DynamoDB' a point of the last 30 hours, and 24 are allowed: up to 24 hours between two runs, 1 hour to start and 5 hours to complete, of which the gap is the largest part.",
		"at": "objectives.by_type.guaranteed.rpo_hours",
		"for": "DynamoDB",
	}}
}

test_passes_at_the_objective_and_below if {
	every hours in [23, 24] {
		count(rule.violations) == 0 with input as plan([of_types(["EBS"], bound(hours, 1080, "schedule_gap"))], [of_copy(bound(hours, 1080, "schedule_gap"))])
	}
}

test_fails_an_hour_above_in_both_places if {
	plan_above := plan([of_types(["EBS", "RDS"], bound(25, 1140, "schedule_gap"))], [of_copy(bound(25, 1140, "schedule_gap"))])
	count(rule.violations) == 2 with input as plan_above
	some violation in rule.violations with input as plan_above
	violation.for == "arn:replica"
	violation.message == "Before they are copied to vault 'replica', points of plan 'main' can be 25 hours old, and 24 are allowed: up to 19 hours between two runs, 1 hour to start and 5 hours to complete, of which the gap is the largest part."
	violation.at == "objectives.copies.before_the_copy.rpo_hours"
}

test_names_the_window_that_dominates if {
	every name in ["start_window", "completion_window"] {
		some violation in rule.violations with input as plan([of_types(["EBS"], bound(200, 1440, name))], [])
		contains(violation.message, sprintf("of which the %s is", [replace(name, "_", " ")]))
	}
}

test_fails_where_nothing_bounds_it if {
	violations := rule.violations with input as plan([of_types(["EBS"], none("no_run"))], [of_copy(none("schedule_ends"))])
	violations == {
		{
			"message": "Plan 'main' guarantees 'EBS' no recent point: none of its rules ever runs.",
			"at": "objectives.by_type.guaranteed.rpo_hours",
			"for": "EBS",
		},
		{
			"message": "Plan 'main' guarantees vault 'replica' no recent point: its schedules end.",
			"at": "objectives.copies.before_the_copy.rpo_hours",
			"for": "arn:replica",
		},
	}
}

test_fails_for_types_without_a_completion_window_and_tells_since_when_that_is_known if {
	some violation in rule.violations with input as plan([of_types(["FSx"], none("no_completion_window"))], [])
	violation.message == "Plan 'main' guarantees 'FSx' no recent point: AWS Backup applies no completion window to them (read on 2026-11-22)."
}

test_continuous_backup_passes if {
	continuous := object.union(none("continuous_lag"), {"rpo_hours": 1, "gap_minutes": 5})
	count(rule.violations) == 0 with input as plan([of_types(["RDS"], continuous)], [])
}

test_does_not_apply_to_a_plan_that_selects_nothing if {
	rule.applies with input as plan([of_types(["EBS"], none("no_run"))], [])
	not rule.applies with input as plan([], [])
}
