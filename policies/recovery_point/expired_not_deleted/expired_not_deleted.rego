# METADATA
# title: Expired recovery point could not be deleted
# description: >-
#   The recovery point has reached the end of its life and AWS Backup could not delete it. It is still stored, still
#   billed, and still holds the data that should be gone.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/deleting-backups.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
# custom:
#   severity: medium
#   subject: recovery_point
#   reads: [status]
#   spec: [S47]
#   frameworks:
#     nist-800-53-r5: {SI-12: supports}
#     iso-27001-2022: {A.8.10: supports}
#     soc-2: {C1.2: supports}
#   remediation: Give the role that made the point its permission to delete back, or delete the point by hand.
package backstop.recovery_point.expired_not_deleted

violations contains {"message": message, "at": "status"} if {
	input.status == "EXPIRED"
	message := "The recovery point has expired and AWS Backup could not delete it: it is still stored and still billed."
}
