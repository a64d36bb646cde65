package backstop.vault_access.too_broad_test

import data.backstop.vault_access.too_broad as rule

opened(list) := {"name": "main", "access": {"open_to": list}}

test_passes_where_nobody_is_let_in if {
	count(rule.violations) == 0 with input as opened([])
}

test_fails_where_everybody_is_let_in if {
	rule.violations == {{
		"message": "The access policy of vault 'main' allows everybody 'backup:CopyIntoBackupVault', of whatever organization.",
		"at": "access.open_to",
		"for": "*",
	}} with input as opened([{"principal": "*", "actions": ["backup:CopyIntoBackupVault"]}])
}

test_what_an_account_may_do_is_told_once if {
	rule.violations == {{
		"message": "The access policy of vault 'main' allows '444455556666' 'backup:CopyIntoBackupVault', 'backup:StartRestoreJob', of whatever organization.",
		"at": "access.open_to",
		"for": "444455556666",
	}} with input as opened([
		{"principal": "444455556666", "actions": ["backup:StartRestoreJob"]},
		{"principal": "444455556666", "actions": ["backup:CopyIntoBackupVault", "backup:StartRestoreJob"]},
	])
}

test_each_principal_is_told_on_its_own if {
	count(rule.violations) == 2 with input as opened([{"principal": "*", "actions": ["a"]}, {"principal": "444455556666", "actions": ["a"]}])
}
