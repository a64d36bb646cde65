package backstop.notification.event_never_delivered_test

import data.backstop.notification.event_never_delivered as rule

vault(events) := {"name": "main", "in_use": true, "watch": {"notifications": {"topic": "arn:topic", "doubtful_events": events}}}

event(name, instead) := {"name": name, "instead": instead, "read_on": "2026-11-22"}

test_passes_where_no_event_is_in_doubt if {
	rule.applies with input as vault([])
	count(rule.violations) == 0 with input as vault([])
}

test_an_event_whose_support_changed_names_what_to_add if {
	rule.violations == {{
		"message": "Vault 'main' relies on the event 'BACKUP_JOB_FAILED', whose support has changed (as of 2026-11-22): add 'BACKUP_JOB_COMPLETED', which tells of the same.",
		"at": "watch.notifications.doubtful_events",
		"for": "BACKUP_JOB_FAILED",
	}} with input as vault([event("BACKUP_JOB_FAILED", "BACKUP_JOB_COMPLETED")])
}

test_an_event_that_is_never_sent_has_nothing_in_its_place if {
	rule.violations == {{
		"message": "Vault 'main' relies on the event 'BACKUP_PLAN_CREATED', which AWS lists as deprecated and never sends (as of 2026-11-22).",
		"at": "watch.notifications.doubtful_events",
		"for": "BACKUP_PLAN_CREATED",
	}} with input as vault([event("BACKUP_PLAN_CREATED", null)])
}

test_does_not_apply_without_notifications if {
	not rule.applies with input as object.union(vault([]), {"watch": {"notifications": null}})
}

test_does_not_apply_to_a_vault_that_nothing_is_written_into if {
	not rule.applies with input as object.union(vault([]), {"in_use": false})
}
