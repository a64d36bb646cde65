package backstop.retention.weekly_below_required_test

import data.backstop.retention.weekly_below_required

rule(name, runs_every_week, kept) := {
	"name": name,
	"schedule": {"runs_every_week": runs_every_week},
	"lifecycle": {"delete_after_days": kept},
}

plan(rules) := {"name": "main", "rules": rules, "params": {"retention_days": 30, "weekly_retention_factor": 4}}

test_fails_one_day_below_the_requirement if {
	some violation in weekly_below_required.violations with input as plan([rule("weekly", true, 119)])
	violation.at == "rules.lifecycle.delete_after_days"
	violation.message == "Plan 'main' must keep weekly points for 120 days; of its rules that run every week, 'weekly' keeps them longest, for 119 days."
}

test_passes_at_the_requirement_and_above if {
	every kept in [120, 121] {
		count(weekly_below_required.violations) == 0 with input as plan([rule("weekly", true, kept)])
	}
}

test_passes_where_points_are_kept_for_ever if {
	count(weekly_below_required.violations) == 0 with input as plan([rule("weekly", true, null)])
}

test_one_rule_that_keeps_points_long_enough_is_enough if {
	count(weekly_below_required.violations) == 0 with input as plan([rule("daily", true, 30), rule("weekly", true, 120)])
}

test_fails_once_and_names_the_rule_that_keeps_points_longest if {
	rules := [rule("daily", true, 30), rule("weekly", true, 90), rule("monthly", false, 365)]
	count(weekly_below_required.violations) == 1 with input as plan(rules)
	some violation in weekly_below_required.violations with input as plan(rules)
	contains(violation.message, "'weekly' keeps them longest, for 90 days")
}

test_fails_where_no_rule_runs_every_week_however_long_it_keeps_points if {
	every kept in [365, null] {
		violations := weekly_below_required.violations with input as plan([rule("monthly", false, kept)])
		violations == {{"message": "No rule of plan 'main' runs every week: there is no weekly point to keep for 120 days.", "at": "rules"}}
	}
}

test_fails_without_any_rule if {
	count(weekly_below_required.violations) == 1 with input as plan([])
}
