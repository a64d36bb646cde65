package backstop.schedule.invalid_test

import data.backstop.schedule.invalid as rule

plan_rule(fault) := {"name": "daily", "schedule": {"expression": "rate(1 day)", "fault": fault}}

test_fails_with_what_is_wrong if {
	violations := rule.violations with input as plan_rule("is a rate, and AWS Backup documents cron expressions only")
	violations == {{
		"message": "The schedule 'rate(1 day)' of rule 'daily' is a rate, and AWS Backup documents cron expressions only.",
		"at": "schedule.expression",
	}}
}

test_passes_where_nothing_is_wrong if {
	count(rule.violations) == 0 with input as plan_rule(null)
}
