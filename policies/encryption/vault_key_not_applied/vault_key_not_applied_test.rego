package backstop.encryption.vault_key_not_applied_test

import data.backstop.encryption.vault_key_not_applied as rule

point := {"uses_vault_key": true, "has_vault_key": false}

test_fails_under_another_key if {
	rule.applies with input as point
	rule.violations == {{
		"message": "The recovery point is not encrypted with its vault's key, as points of its type should be: what protects that key does not protect the point.",
		"at": "has_vault_key",
	}} with input as point
}

test_passes_under_the_key_of_its_vault if {
	count(rule.violations) == 0 with input as object.union(point, {"has_vault_key": true})
}

test_does_not_apply_to_types_that_keep_the_key_of_their_source if {
	not rule.applies with input as object.union(point, {"uses_vault_key": false})
}
