# METADATA
# title: Key policy keeps AWS Backup out
# description: >-
#   The policy of a vault's key lets neither AWS Backup, nor the roles of the plans that write into the vault, nor the
#   account at large use the key. AWS Backup may report such jobs as successful although nothing was backed up.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: high
#   subject: key
#   reads: [name, owner, vaults, policy_lets_backup_use_it]
#   spec: [S111, S118, S167]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes, SC-12(1): precedes}
#     iso-27001-2022: {A.8.13: precedes}
#   blocks: [here, another_region, another_account]
#   remediation: Allow the role of the backup plans to use the key, in the key policy.
package backstop.encryption.key_policy_blocks_backup

import data.backstop.lib.key

# AWS writes the policies of its own keys, and a key that only old points name takes part in no backup.
applies if {
	input.owner == "customer"
	count(input.vaults) > 0
}

violations contains {"message": message, "at": "policy_lets_backup_use_it"} if {
	not input.policy_lets_backup_use_it
	message := sprintf("The policy of key '%s' lets neither AWS Backup nor the roles of its plans use it: backups into %s fail, or hold nothing.", [input.name, key.vaults(input.vaults)])
}
