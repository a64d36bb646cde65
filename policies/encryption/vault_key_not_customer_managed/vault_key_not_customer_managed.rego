# METADATA
# title: Vault key is not customer managed
# description: >-
#   The points that a vault encrypts are under a key that AWS manages. Nobody but AWS decides who may use it: its policy
#   cannot be changed, and it cannot be shared with another account, disabled, or rotated when it suits.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
# custom:
#   severity: high
#   subject: vault
#   reads: [name, key.owner]
#   spec: [S40, S111, S118, S167]
#   frameworks:
#     nist-800-53-r5: {SC-12: supports}
#     iso-27001-2022: {A.8.24: supports}
#     nis2: {4.2.2 d: supports}
#   remediation: Create a vault with a customer managed key and point the plans at it; copy what is needed for longer.
package backstop.encryption.vault_key_not_customer_managed

violations contains {"message": message, "at": "key"} if {
	input.key == null
	message := sprintf("Vault '%s' names no key: AWS Backup encrypts its points with a key that AWS manages.", [input.name])
}

violations contains {"message": message, "at": "key.owner"} if {
	input.key.owner != "customer"
	owner := trim_prefix(input.key.owner, "aws_")
	message := sprintf("Vault '%s' uses an AWS %s key, not a customer managed one.", [input.name, owner])
}
