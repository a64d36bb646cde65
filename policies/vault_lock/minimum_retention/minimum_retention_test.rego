package backstop.vault_lock.minimum_retention_test

import data.backstop.vault_lock.minimum_retention as rule

vault(minimum) := {
	"name": "main",
	"lock": {"mode": "governance", "min_retention_days": minimum},
	"params": {"lock_min_retention_days": 7},
}

lax(minimum) := object.union(vault(minimum), {"params": {"lock_min_retention_days": 1}})

test_passes_from_the_required_minimum_on if {
	count(rule.violations) == 0 with input as vault(7)
	count(rule.violations) == 0 with input as vault(8)
}

test_fails_below_the_required_minimum if {
	rule.violations == {{
		"message": "The lock of vault 'main' sets a minimum retention of 6, less than the required 7.",
		"at": "lock.min_retention_days",
	}} with input as vault(6)
}

test_fails_without_a_minimum if {
	rule.violations == {{
		"message": "The lock of vault 'main' sets no minimum retention.",
		"at": "lock.min_retention_days",
	}} with input as vault(null)
}

test_fails_with_a_minimum_that_has_no_effect if {
	rule.violations == {{
		"message": "The lock of vault 'main' sets a minimum retention of 1 day, which refuses nothing.",
		"at": "lock.min_retention_days",
	}} with input as lax(1)
}

test_passes_with_the_smallest_minimum_that_has_an_effect if {
	count(rule.violations) == 0 with input as lax(2)
}

test_applies_in_every_lock_mode if {
	every mode in ["governance", "compliance_grace", "immutable"] {
		rule.applies with input as object.union(vault(7), {"lock": {"mode": mode}})
	}
}

test_does_not_apply_without_a_lock if {
	not rule.applies with input as object.union(vault(null), {"lock": {"mode": "none"}})
}
