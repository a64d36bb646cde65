package backstop.replication.cross_account_disabled_test

import data.backstop.replication.cross_account_disabled

copy(rule, account) := {"plan": "main", "rule": rule, "destination_account": account}

account(enabled, copies) := {
	"name": "111122223333",
	"cross_account_copies": copies,
	"cross_account_backup_enabled": enabled,
}

test_fails_where_the_setting_is_off_or_was_never_made if {
	copies := [copy("weekly", "444455556666"), copy("daily", "444455556666")]
	every enabled in [false, null] {
		violations := cross_account_disabled.violations with input as account(enabled, copies)
		violations == {{
			"message": "Account '111122223333' copies to '444455556666' by the rules 'main/daily', 'main/weekly', and its organization does not allow cross-account backup: every such copy fails.",
			"at": "cross_account_backup_enabled",
		}}
	}
}

test_passes_where_the_setting_is_on if {
	count(cross_account_disabled.violations) == 0 with input as account(true, [copy("daily", "444455556666")])
}

test_applies_where_a_rule_copies_to_another_account if {
	cross_account_disabled.applies with input as account(true, [copy("daily", "444455556666")])
	not cross_account_disabled.applies with input as account(false, [])
}
