package backstop.notification.event_missing_test

import data.backstop.notification.event_missing as rule

vault(events, in_copies) := {
	"name": "main",
	"in_use": true,
	"watch": {"notifications": {"topic": "arn:topic", "events": events}, "in_copies": in_copies},
	"params": {"required_events": ["BACKUP_JOB_COMPLETED", "BACKUP_JOB_FAILED"]},
}

told(subject) := {violation["for"]: violation.message | some violation in violations_of(subject)}

violations_of(subject) := violations if {
	violations := rule.violations with input as subject
}

test_passes_with_all_that_is_required if {
	rule.applies with input as vault(["BACKUP_JOB_FAILED", "BACKUP_JOB_COMPLETED"], false)
	told(vault(["BACKUP_JOB_FAILED", "BACKUP_JOB_COMPLETED"], false)) == {}
	told(vault(["COPY_JOB_FAILED", "BACKUP_JOB_FAILED", "BACKUP_JOB_COMPLETED"], true)) == {}
}

test_each_event_that_is_lacking_is_told_by_itself if {
	told(vault(["BACKUP_JOB_COMPLETED"], true)) == {
		"BACKUP_JOB_FAILED": "The notifications of vault 'main' lack the event 'BACKUP_JOB_FAILED'.",
		"COPY_JOB_FAILED": "Copies come into vault 'main' or leave it, and its notifications lack the event 'COPY_JOB_FAILED'.",
	}
}

test_expired_jobs_need_one_of_two_events if {
	told(vault(["BACKUP_JOB_FAILED"], false)) == {
		"BACKUP_JOB_COMPLETED": "The notifications of vault 'main' lack the event 'BACKUP_JOB_COMPLETED'.",
		"BACKUP_JOB_EXPIRED": "The notifications of vault 'main' tell of no backup job that expired: they lack both 'BACKUP_JOB_COMPLETED' and 'BACKUP_JOB_EXPIRED'.",
	}
	object.keys(told(vault(["BACKUP_JOB_FAILED", "BACKUP_JOB_EXPIRED"], false))) == {"BACKUP_JOB_COMPLETED"}
}

test_what_is_required_by_name_is_told_once if {
	required := {"params": {"required_events": ["COPY_JOB_FAILED", "BACKUP_JOB_EXPIRED"]}}
	told(object.union(vault([], true), required)) == {
		"COPY_JOB_FAILED": "The notifications of vault 'main' lack the event 'COPY_JOB_FAILED'.",
		"BACKUP_JOB_EXPIRED": "The notifications of vault 'main' lack the event 'BACKUP_JOB_EXPIRED'.",
	}
}

test_does_not_apply_without_notifications if {
	not rule.applies with input as object.union(vault([], false), {"watch": {"notifications": null}})
}

test_does_not_apply_to_a_vault_that_nothing_is_written_into if {
	not rule.applies with input as object.union(vault([], false), {"in_use": false})
}
