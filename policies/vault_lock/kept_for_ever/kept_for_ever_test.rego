package backstop.vault_lock.kept_for_ever_test

import data.backstop.vault_lock.kept_for_ever as rule

point := {"status": "COMPLETED", "vault": {"lock_mode": "immutable"}, "lifecycle": {"delete_after_days": null}}

test_fails_without_an_expiry if {
	rule.applies with input as point
	rule.violations == {{
		"message": "The recovery point has no expiry and its vault's lock is immutable: nobody can ever delete it.",
		"at": "lifecycle.delete_after_days",
	}} with input as point
}

test_passes_with_any_expiry if {
	every days in [1, 36500] {
		count(rule.violations) == 0 with input as object.union(point, {"lifecycle": {"delete_after_days": days}})
	}
}

test_applies_to_points_that_failed_to_be_deleted if {
	rule.applies with input as object.union(point, {"status": "EXPIRED"})
}

test_does_not_apply_to_points_that_are_being_deleted if {
	not rule.applies with input as object.union(point, {"status": "DELETING"})
}

test_does_not_apply_while_the_lock_can_be_removed if {
	every mode in ["none", "governance", "compliance_grace"] {
		not rule.applies with input as object.union(point, {"vault": {"lock_mode": mode}})
	}
}
