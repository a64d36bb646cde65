package backstop.role.untrusted_by_backup_test

import data.backstop.role.untrusted_by_backup as rule

standing(how) := {"arn": "arn:aws:iam::111122223333:role/backup", "trust": {"standing": how}}

test_fails_where_the_trust_policy_keeps_backup_out if {
	rule.violations == {{
		"message": "Role 'arn:aws:iam::111122223333:role/backup' has a trust policy that does not let AWS Backup assume it: every backup with it fails.",
		"at": "trust.standing",
	}} with input as standing("distrusts")
}

test_fails_where_the_role_is_missing if {
	some violation in rule.violations with input as standing("missing")
	contains(violation.message, "does not exist")
}

test_fails_where_the_role_is_in_another_account if {
	some violation in rule.violations with input as standing("in_another_account")
	contains(violation.message, "belongs to another account")
}

test_passes_where_the_role_trusts_backup if {
	count(rule.violations) == 0 with input as standing("trusts")
}
