# METADATA
# title: Vault is not locked
# description: >-
#   Without a vault lock, whoever has the permission can delete the recovery points in a vault, or shorten their
#   retention, before they expire.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
# custom:
#   severity: high
#   subject: vault
#   reads: [name, in_use, lock.mode]
#   parameters: [require_lock]
#   spec: [S29, S114, S197]
#   frameworks:
#     nist-800-53-r5: {CP-9(8): supports}
#     iso-27001-2022: {A.8.13: supports}
#   remediation: Put a vault lock on the vault, in compliance mode once its retention range has been checked.
package backstop.vault_lock.missing

applies if {
	input.params.require_lock
	input.in_use
}

violations contains {"message": message, "at": "lock.mode"} if {
	input.lock.mode == "none"
	message := sprintf("Vault '%s' has no lock.", [input.name])
}
