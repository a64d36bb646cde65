package backstop.alarm.missing_test

import data.backstop.alarm.missing as rule

ending(name, occurs, noticed) := {"ending": name, "occurs": occurs, "noticed": noticed}

vault(endings, required) := {"name": "main", "watch": {"endings": endings}, "params": {"required_alarms": required}}

failed(noticed) := vault([ending("backup_failed", true, noticed), ending("copy_failed", false, false)], ["backup_failed", "copy_failed"])

test_fails_where_an_end_is_not_noticed if {
	rule.applies with input as failed(false)
	rule.violations == {{
		"message": "A backup job that fails in vault 'main' sets off no alarm that is enabled and has an action, and matches no rule of EventBridge that has a target.",
		"at": "watch.endings.noticed",
		"for": "backup_failed",
	}} with input as failed(false)
}

test_passes_where_every_end_that_occurs_is_noticed if {
	count(rule.violations) == 0 with input as failed(true)
}

test_every_end_is_told_by_itself if {
	names := ["backup_failed", "backup_expired", "backup_aborted", "copy_failed"]
	told := {violation["for"] | some violation in rule.violations} with input as vault([ending(name, true, false) | some name in names], names)
	told == {name | some name in names}
}

test_an_end_that_is_not_asked_for_need_not_be_noticed if {
	count(rule.violations) == 0 with input as vault([ending("backup_aborted", true, false)], ["backup_failed"])
}

test_a_name_that_is_none_is_told if {
	rule.violations == {{
		"message": "The parameter 'required_alarms' asks for 'backup_faild', which is none of 'backup_aborted', 'backup_expired', 'backup_failed', 'copy_failed'.",
		"at": "watch.endings.ending",
		"for": "backup_faild",
	}} with input as vault([ending("backup_failed", true, true)], ["backup_faild"])
}

test_does_not_apply_to_a_vault_without_jobs if {
	not rule.applies with input as vault([ending("backup_failed", false, false)], ["backup_failed"])
}
