package backstop.schedule.rules_collide_test

import data.backstop.schedule.rules_collide as rule

plan(collisions) := {"name": "main", "collisions": collisions}

overlap(taken) := {
	"kind": "start_windows_overlap",
	"first": "daily",
	"second": "weekly",
	"on": "2026-11-29 05:30",
	"taken": taken,
	"ends_after_minutes": 60,
	"must_start_after_minutes": 90,
}

active(second) := {
	"kind": "still_active",
	"first": "daily",
	"second": second,
	"on": "2026-11-29 06:00",
	"taken": null,
	"ends_after_minutes": 360,
	"must_start_after_minutes": 120,
}

test_passes_without_a_collision if {
	count(rule.violations) == 0 with input as plan([])
}

test_fails_where_windows_overlap_and_names_the_rule_whose_backup_is_taken if {
	violations := rule.violations with input as plan([overlap("weekly")])
	violations == {{
		"message": "The start windows of rules 'daily' and 'weekly' of plan 'main' overlap, next at 2026-11-29 05:30 UTC: AWS Backup takes only that of 'weekly', which is kept longer.",
		"at": "collisions",
		"for": "daily / weekly",
	}}
}

test_names_neither_where_both_are_kept_equally_long if {
	some violation in rule.violations with input as plan([overlap(null)])
	endswith(violation.message, ": AWS Backup takes only one of the two backups.")
}

test_fails_where_a_run_may_still_be_active if {
	violations := rule.violations with input as plan([active("weekly")])
	violations == {{
		"message": "A backup of rule 'daily' of plan 'main' may be active until 6 hours after it was due, and that of rule 'weekly' must have started after 2 hours, next at 2026-11-29 06:00 UTC: where it cannot, it expires.",
		"at": "collisions",
		"for": "daily / weekly",
	}}
}

test_fails_where_a_rule_gets_into_its_own_way if {
	some violation in rule.violations with input as plan([active("daily")])
	contains(violation.message, "and its next one must have started after 2 hours")
}

test_tells_every_collision if {
	count(rule.violations) == 3 with input as plan([overlap("weekly"), active("weekly"), active("daily")])
}
