package backstop.vault_lock.missing_test

import data.backstop.vault_lock.missing

unlocked := {"name": "main", "in_use": true, "lock": {"mode": "none"}, "params": {"require_lock": true}}

test_fails_without_a_lock if {
	missing.applies with input as unlocked
	count(missing.violations) == 1 with input as unlocked
}

test_passes_in_every_mode if {
	every mode in ["governance", "compliance_grace", "immutable"] {
		count(missing.violations) == 0 with input as object.union(unlocked, {"lock": {"mode": mode}})
	}
}

test_does_not_apply_where_no_lock_is_required if {
	not missing.applies with input as object.union(unlocked, {"params": {"require_lock": false}})
}

test_does_not_apply_to_a_vault_that_nothing_uses if {
	not missing.applies with input as object.union(unlocked, {"in_use": false})
}
