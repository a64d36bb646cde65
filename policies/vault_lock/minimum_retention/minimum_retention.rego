# METADATA
# title: Vault lock's minimum retention is missing or too low
# description: >-
#   Without a minimum that means something, a locked vault accepts points that are deleted the day after. An intruder
#   who can change a plan then needs no permission to delete anything.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html
# custom:
#   severity: medium
#   subject: vault
#   reads: [name, lock.mode, lock.min_retention_days]
#   parameters: [lock_min_retention_days]
#   spec: [S126]
#   frameworks:
#     nist-800-53-r5: {SI-12: supports}
#     iso-27001-2022: {A.8.13: supports}
#     nis2: {4.2.2 f: supports}
#   remediation: While the lock can still be changed, set a minimum that the shortest rule still meets.
package backstop.vault_lock.minimum_retention

import data.backstop.lib.lock

applies if lock.locked(input.lock.mode)

violations contains {"message": message, "at": "lock.min_retention_days"} if {
	fault := lock.minimum_fault(input.lock.min_retention_days, input.params.lock_min_retention_days)
	message := sprintf("The lock of vault '%s' %s.", [input.name, fault])
}
