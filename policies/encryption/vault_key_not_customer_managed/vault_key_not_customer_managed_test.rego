package backstop.encryption.vault_key_not_customer_managed_test

import data.backstop.encryption.vault_key_not_customer_managed as rule

vault(owner) := {"name": "main", "key": {"owner": owner}}

test_passes_with_a_customer_managed_key if {
	count(rule.violations) == 0 with input as vault("customer")
}

test_fails_with_an_aws_managed_key if {
	rule.violations == {{
		"message": "Vault 'main' uses an AWS managed key, not a customer managed one.",
		"at": "key.owner",
	}} with input as vault("aws_managed")
}

test_fails_with_an_aws_owned_key if {
	rule.violations == {{
		"message": "Vault 'main' uses an AWS owned key, not a customer managed one.",
		"at": "key.owner",
	}} with input as vault("aws_owned")
}

test_fails_where_the_vault_names_no_key if {
	rule.violations == {{
		"message": "Vault 'main' names no key: AWS Backup encrypts its points with a key that AWS manages.",
		"at": "key",
	}} with input as {"name": "main", "key": null}
}
