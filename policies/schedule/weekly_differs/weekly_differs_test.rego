package backstop.schedule.weekly_differs_test

import data.backstop.schedule.weekly_differs as rule

plan(texts) := {
	"name": "main",
	"rules": [{"schedule": {"canonical": canonical}} | some canonical in texts],
	"params": {"weekly_schedule": "cron(0 6 ? * SUN *)"},
}

test_fails_and_tells_when_the_rules_run_instead if {
	violations := rule.violations with input as plan(["cron(0 4 ? * * *)", "cron(0 4 ? * MON *)"])
	violations == {{
		"message": "No rule of plan 'main' runs at 'cron(0 6 ? * SUN *)', the weekly schedule; its rules run at 'cron(0 4 ? * * *)', 'cron(0 4 ? * MON *)'.",
		"at": "rules.schedule.canonical",
	}}
}

test_passes_where_one_rule_runs_then if {
	count(rule.violations) == 0 with input as plan(["cron(0 4 ? * * *)", "cron(0 6 ? * SUN *)"])
}

test_a_time_zone_whose_clocks_change_is_another_time if {
	count(rule.violations) == 1 with input as plan(["cron(0 6 ? * SUN *) in Europe/Berlin"])
}

test_fails_where_no_rule_ever_runs if {
	every texts in [[], [null]] {
		some violation in rule.violations with input as plan(texts)
		endswith(violation.message, "; its rules never run.")
	}
}
