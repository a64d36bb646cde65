package backstop.vault_lock.maximum_retention_test

import data.backstop.vault_lock.maximum_retention as rule

vault(maximum) := {
	"name": "main",
	"lock": {"mode": "governance", "max_retention_days": maximum},
	"params": {"lock_max_retention_factor": 2, "retention_days": 30},
}

test_passes_up_to_the_multiple_of_the_required_retention if {
	count(rule.violations) == 0 with input as vault(59)
	count(rule.violations) == 0 with input as vault(60)
}

test_fails_above_the_multiple_of_the_required_retention if {
	rule.violations == {{
		"message": "The lock of vault 'main' sets a maximum retention of 61, more than the 60 that are allowed.",
		"at": "lock.max_retention_days",
	}} with input as vault(61)
}

test_fails_without_a_maximum if {
	rule.violations == {{
		"message": "The lock of vault 'main' sets no maximum retention.",
		"at": "lock.max_retention_days",
	}} with input as vault(null)
}

test_applies_in_every_lock_mode if {
	every mode in ["governance", "compliance_grace", "immutable"] {
		rule.applies with input as object.union(vault(60), {"lock": {"mode": mode}})
	}
}

test_does_not_apply_without_a_lock if {
	not rule.applies with input as object.union(vault(null), {"lock": {"mode": "none"}})
}
