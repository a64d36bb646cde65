# METADATA
# title: Recovery point is not under its vault's key
# description: >-
#   The type of this point is one that AWS Backup is said to encrypt with the vault's key, and the point has another.
#   For DynamoDB that is what the advanced features do, and what every point made without them lacks.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html
# custom:
#   severity: high
#   subject: recovery_point
#   reads: [uses_vault_key, has_vault_key]
#   spec: [S111, S167]
#   frameworks:
#     nist-800-53-r5: {CP-9(8): supports, SC-12: supports, SC-28(1): supports}
#     iso-27001-2022: {A.8.24: supports}
#   remediation: Turn on AWS Backup's advanced features for DynamoDB in the Region, and make the points anew.
package backstop.encryption.vault_key_not_applied

applies if input.uses_vault_key

violations contains {"message": message, "at": "has_vault_key"} if {
	not input.has_vault_key
	message := "The recovery point is not encrypted with its vault's key, as points of its type should be: what protects that key does not protect the point."
}
