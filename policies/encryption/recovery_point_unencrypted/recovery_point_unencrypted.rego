# METADATA
# title: Recovery point is not encrypted
# description: >-
#   A recovery point of a type that AWS Backup does not encrypt itself is as its source is: the points of an unencrypted
#   volume or database are unencrypted, whatever key the vault names.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
# custom:
#   severity: high
#   subject: recovery_point
#   reads: [status, encrypted]
#   spec: [S167]
#   frameworks:
#     nist-800-53-r5: {CP-9(8): supports, SC-28: supports, SC-28(1): supports}
#     iso-27001-2022: {A.8.24: supports}
#     hipaa: {164.312(a)(2)(iv): supports}
#     dora: {12(2): supports}
#     nis2: {4.2.2 d: supports}
#   remediation: Encrypt the resource that the point was made of; its next point is encrypted, and this one can go.
package backstop.encryption.recovery_point_unencrypted

# A point that is being made has no key yet, and one that is on its way out needs none.
applies if not input.status in {"CREATING", "DELETING", "EXPIRED"}

violations contains {"message": message, "at": "encrypted"} if {
	not input.encrypted
	message := "The recovery point is not encrypted, because the resource that it was made of is not."
}
