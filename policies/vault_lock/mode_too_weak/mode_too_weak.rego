# METADATA
# title: Vault lock is in governance mode
# description: >-
#   In governance mode, whoever has the permission to delete the lock's configuration can remove the lock, and after it
#   the recovery points. Only in compliance mode does a lock outlast its administrators.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
# custom:
#   severity: medium
#   subject: vault
#   reads: [name, lock.mode]
#   parameters: [require_lock, lock_mode]
#   spec: [S29, S128, S197]
#   frameworks:
#     nist-800-53-r5: {CP-9(8): supports}
#     iso-27001-2022: {A.8.13: supports}
#     dora: {12(2): supports}
#     nis2: {4.2.2 d: supports}
#   remediation: Put the lock again with a cooling-off period, once its retention range has been checked.
package backstop.vault_lock.mode_too_weak

import data.backstop.lib.lock

applies if {
	input.params.require_lock
	input.params.lock_mode == "compliance"
	lock.locked(input.lock.mode)
}

violations contains {"message": message, "at": "lock.mode"} if {
	input.lock.mode == "governance"
	message := sprintf("The lock of vault '%s' is in governance mode: whoever may delete its configuration can remove it.", [input.name])
}
