# METADATA
# title: Key that backups depend on cannot be used
# description: >-
#   KMS neither encrypts nor decrypts with a key that is disabled, waits for its deletion or its key material, or lies
#   in a disconnected key store. Until that is mended, no point under it can be made or restored.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
# custom:
#   severity: critical
#   subject: key
#   reads: [name, state, vaults]
#   spec: [S111, S118, S167]
#   frameworks:
#     nist-800-53-r5: {CP-10: precedes, SC-12(1): supports}
#     iso-27001-2022: {A.8.24: supports}
#   blocks: [here, another_region, another_account]
#   remediation: Cancel the deletion of the key and enable it, import its material again, or reconnect its key store.
package backstop.encryption.key_unusable

import data.backstop.lib.key

# All states but Enabled and the passing ones (Creating, Updating) of multi-Region keys.
unusable := {"Disabled", "PendingDeletion", "PendingImport", "PendingReplicaDeletion", "Unavailable"}

violations contains {"message": message, "at": "state"} if {
	input.state in unusable
	count(input.vaults) > 0
	message := sprintf("Key '%s' is in state '%s': nothing in %s that is encrypted with it can be restored, and no backup under it can be made.", [input.name, input.state, key.vaults(input.vaults)])
}

violations contains {"message": message, "at": "state"} if {
	input.state in unusable
	count(input.vaults) == 0
	message := sprintf("Key '%s' is in state '%s': no recovery point that is encrypted with it can be restored.", [input.name, input.state])
}
