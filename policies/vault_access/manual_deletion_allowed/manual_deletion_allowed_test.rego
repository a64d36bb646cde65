package backstop.vault_access.manual_deletion_allowed_test

import data.backstop.vault_access.manual_deletion_allowed as rule

denial(action) := {"action": action, "denied": true, "left_out": [], "exempt": []}

vault := {
	"name": "main",
	"in_use": true,
	"lock": {"mode": "governance"},
	"access": {"denials": [denial("backup:DeleteRecoveryPoint"), denial("backup:PutBackupVaultLockConfiguration")]},
	"params": {"exempt_roles": []},
}

with_first(changes) := object.union(vault, {"access": {"denials": [
	object.union(denial("backup:DeleteRecoveryPoint"), changes),
	denial("backup:PutBackupVaultLockConfiguration"),
]}})

in_mode(mode) := object.union(vault, {
	"lock": {"mode": mode},
	"access": {"denials": [
		denial("backup:DeleteRecoveryPoint"),
		object.union(denial("backup:PutBackupVaultLockConfiguration"), {"denied": false}),
	]},
})

test_passes_where_everything_is_denied if {
	rule.applies with input as vault
	count(rule.violations) == 0 with input as vault
}

test_fails_where_an_action_is_not_denied if {
	rule.violations == {{
		"message": "Vault 'main' has no access policy that stops everybody from 'backup:DeleteRecoveryPoint'.",
		"at": "access.denials.denied",
	}} with input as with_first({"denied": false})
}

test_fails_where_kinds_of_points_are_left_out if {
	rule.violations == {{
		"message": "The access policy of vault 'main' denies 'backup:DeleteRecoveryPoint' for some recovery points and leaves out 'EBS snapshots', 'RDS snapshots'.",
		"at": "access.denials.left_out",
		"for": "backup:DeleteRecoveryPoint",
	}} with input as with_first({"denied": false, "left_out": ["RDS snapshots", "EBS snapshots"]})
}

test_fails_where_somebody_is_spared_whom_nobody_allowed if {
	rule.violations == {{
		"message": "The access policy of vault 'main' spares 'arn:aws:iam::111122223333:role/admin', which 'exempt_roles' does not name.",
		"at": "access.denials.exempt",
	}} with input as with_first({"exempt": ["arn:aws:iam::111122223333:role/admin"]})
}

test_passes_where_whoever_is_spared_is_allowed if {
	allowed := object.union(with_first({"exempt": ["break-glass"]}), {"params": {"exempt_roles": ["break-glass", "other"]}})
	count(rule.violations) == 0 with input as allowed
}

sparing(names) := object.union(with_first({"exempt": names}), {"params": {"exempt_roles": names}})

test_five_may_be_spared_and_six_may_not if {
	count(rule.violations) == 0 with input as sparing(["a", "b", "c", "d", "e"])
	rule.violations == {{
		"message": "The access policy of vault 'main' spares 6 principals, and no more than 5 should be able to destroy backups.",
		"at": "access.denials.exempt",
		"for": "number",
	}} with input as sparing(["a", "b", "c", "d", "e", "f"])
}

test_a_lock_must_be_protected_only_while_it_can_be_taken_away if {
	every mode in ["governance", "compliance_grace"] {
		count(rule.violations) == 1 with input as in_mode(mode)
	}
	every mode in ["none", "immutable"] {
		count(rule.violations) == 0 with input as in_mode(mode)
	}
}

test_does_not_apply_to_a_vault_that_nobody_uses if {
	not rule.applies with input as object.union(vault, {"in_use": false})
}
