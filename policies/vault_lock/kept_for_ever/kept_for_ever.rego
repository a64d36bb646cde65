# METADATA
# title: Recovery point is locked for ever
# description: >-
#   A recovery point without an expiry in a vault whose lock is immutable can be deleted by nobody, AWS included. Nor
#   can its vault while it holds the point, which is billed until the account is closed.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
# custom:
#   severity: medium
#   subject: recovery_point
#   reads: [status, vault.lock_mode, lifecycle.delete_after_days]
#   spec: [S47, S127]
#   frameworks:
#     nist-800-53-r5: {SI-12: supports}
#     iso-27001-2022: {A.8.10: precedes}
#     soc-2: {C1.2: precedes}
#     nis2: {4.2.2 f: supports}
#   remediation: The point cannot be mended; give the rule or job that made it an expiry, so that no other follows.
package backstop.vault_lock.kept_for_ever

applies if {
	input.vault.lock_mode == "immutable"
	input.status != "DELETING"
}

violations contains {"message": message, "at": "lifecycle.delete_after_days"} if {
	input.lifecycle.delete_after_days == null
	message := "The recovery point has no expiry and its vault's lock is immutable: nobody can ever delete it."
}
