package backstop.schedule.daylight_saving_test

import data.backstop.schedule.daylight_saving as rule

plan_rule(skipped, repeated) := {"name": "nightly", "schedule": {
	"canonical": "cron(30 2 ? * * *) in Europe/Berlin",
	"timezone": "Europe/Berlin",
	"skipped_run": skipped,
	"repeated_run": repeated,
}}

test_passes_where_the_clocks_do_not_matter if {
	rule.applies with input as plan_rule(null, null)
	count(rule.violations) == 0 with input as plan_rule(null, null)
}

test_fails_for_each_of_both if {
	violations := rule.violations with input as plan_rule("2027-03-28 02:30", "2027-10-31 02:30")
	violations == {
		{
			"message": "Rule 'nightly' is due at 2027-03-28 02:30 in 'Europe/Berlin', when the clocks go forward over that time: the backup is not taken.",
			"at": "schedule.timezone",
			"for": "skipped",
		},
		{
			"message": "Rule 'nightly' is due at 2027-10-31 02:30 in 'Europe/Berlin', when the clocks go back and that time comes twice: AWS Backup does not document when the backup is taken.",
			"at": "schedule.timezone",
			"for": "repeated",
		},
	}
}

test_does_not_apply_to_a_rule_that_never_runs if {
	not rule.applies with input as object.union(plan_rule(null, null), {"schedule": {"canonical": null}})
}
