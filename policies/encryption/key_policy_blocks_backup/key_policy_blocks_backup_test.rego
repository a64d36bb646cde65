package backstop.encryption.key_policy_blocks_backup_test

import data.backstop.encryption.key_policy_blocks_backup as rule

key := {"name": "alias/backup", "owner": "customer", "vaults": ["main"], "policy_lets_backup_use_it": false}

test_fails_where_the_policy_keeps_backup_out if {
	rule.applies with input as key
	rule.violations == {{
		"message": "The policy of key 'alias/backup' lets neither AWS Backup nor the roles of its plans use it: backups into vault 'main' fail, or hold nothing.",
		"at": "policy_lets_backup_use_it",
	}} with input as key
}

test_the_message_names_all_vaults if {
	some violation in rule.violations with input as object.union(key, {"vaults": ["archive", "main"]})
	contains(violation.message, "backups into vaults 'archive', 'main' fail")
}

test_passes_where_the_policy_lets_backup_in if {
	count(rule.violations) == 0 with input as object.union(key, {"policy_lets_backup_use_it": true})
}

test_does_not_apply_to_keys_of_aws if {
	every owner in ["aws_managed", "aws_owned"] {
		not rule.applies with input as object.union(key, {"owner": owner})
	}
}

test_does_not_apply_to_a_key_that_no_vault_names if {
	not rule.applies with input as object.union(key, {"vaults": []})
}
