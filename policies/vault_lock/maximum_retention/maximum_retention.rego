# METADATA
# title: Vault lock's maximum retention is missing or too high
# description: >-
#   What a locked vault has accepted it keeps until it expires, and pays for. Without a maximum, one mistaken job keeps
#   a point for a hundred years or for ever, and in compliance mode nobody can end that.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html
# custom:
#   severity: medium
#   subject: vault
#   reads: [name, lock.mode, lock.max_retention_days]
#   parameters: [retention_days, lock_max_retention_factor]
#   spec: [S127]
#   frameworks:
#     nist-800-53-r5: {SI-12: supports}
#     iso-27001-2022: {A.8.10: precedes}
#     soc-2: {C1.2: precedes}
#     nis2: {4.2.2 f: supports}
#   remediation: While the lock can still be changed, set a maximum that leaves the longest rule some room.
package backstop.vault_lock.maximum_retention

import data.backstop.lib.lock

applies if lock.locked(input.lock.mode)

violations contains {"message": message, "at": "lock.max_retention_days"} if {
	limit := input.params.lock_max_retention_factor * input.params.retention_days
	fault := lock.maximum_fault(input.lock.max_retention_days, limit)
	message := sprintf("The lock of vault '%s' %s.", [input.name, fault])
}
