package backstop.retention.daily_below_required_test

import data.backstop.retention.daily_below_required

rule(name, runs_every_day, kept) := {
	"name": name,
	"schedule": {"runs_every_day": runs_every_day},
	"lifecycle": {"delete_after_days": kept},
}

plan(rules) := {"name": "main", "rules": rules, "params": {"retention_days": 30}}

test_fails_one_day_below_the_requirement if {
	some violation in daily_below_required.violations with input as plan([rule("daily", true, 29)])
	violation.at == "rules.lifecycle.delete_after_days"
	violation.message == "Plan 'main' must keep daily points for 30 days; of its rules that run every day, 'daily' keeps them longest, for 29 days."
}

test_passes_at_the_requirement_and_above if {
	every kept in [30, 31] {
		count(daily_below_required.violations) == 0 with input as plan([rule("daily", true, kept)])
	}
}

test_passes_where_points_are_kept_for_ever if {
	count(daily_below_required.violations) == 0 with input as plan([rule("daily", true, null)])
}

test_one_rule_that_keeps_points_long_enough_is_enough if {
	count(daily_below_required.violations) == 0 with input as plan([rule("short", true, 7), rule("long", true, 30)])
}

test_fails_once_and_names_the_rule_that_keeps_points_longest if {
	rules := [rule("short", true, 7), rule("longer", true, 14), rule("weekly", false, 120)]
	count(daily_below_required.violations) == 1 with input as plan(rules)
	some violation in daily_below_required.violations with input as plan(rules)
	contains(violation.message, "'longer' keeps them longest, for 14 days")
}

test_fails_where_no_rule_runs_every_day_however_long_it_keeps_points if {
	every kept in [120, null] {
		violations := daily_below_required.violations with input as plan([rule("weekly", false, kept)])
		violations == {{"message": "No rule of plan 'main' runs every day: there is no daily point to keep for 30 days.", "at": "rules"}}
	}
}

test_fails_without_any_rule if {
	count(daily_below_required.violations) == 1 with input as plan([])
}
