package backstop.vault_lock.mode_too_weak_test

import data.backstop.vault_lock.mode_too_weak as rule

governed := {"name": "main", "lock": {"mode": "governance"}, "params": {"require_lock": true, "lock_mode": "compliance"}}

test_fails_in_governance_mode if {
	rule.applies with input as governed
	rule.violations == {{
		"message": "The lock of vault 'main' is in governance mode: whoever may delete its configuration can remove it.",
		"at": "lock.mode",
	}} with input as governed
}

test_passes_in_compliance_mode if {
	every mode in ["compliance_grace", "immutable"] {
		compliant := object.union(governed, {"lock": {"mode": mode}})
		rule.applies with input as compliant
		count(rule.violations) == 0 with input as compliant
	}
}

test_does_not_apply_without_a_lock if {
	not rule.applies with input as object.union(governed, {"lock": {"mode": "none"}})
}

test_does_not_apply_where_no_lock_is_required if {
	not rule.applies with input as object.union(governed, {"params": {"require_lock": false}})
}

test_does_not_apply_where_governance_is_enough if {
	not rule.applies with input as object.union(governed, {"params": {"lock_mode": "governance"}})
}
