# METADATA
# title: Recovery point is not whole
# description: >-
#   The recovery point holds a part of its resource only, or its continuous backup has stopped. What can be restored from
#   it is less than its age and its place in the vault suggest.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RecoveryPointByBackupVault.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
# custom:
#   severity: medium
#   subject: recovery_point
#   reads: [status]
#   spec: [S93, S203]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#   remediation: Mend what the job's message names, and make a new point by hand.
package backstop.recovery_point.incomplete

faults := {
	"PARTIAL": "The recovery point is partial: AWS Backup could not back up all of its resource.",
	"STOPPED": "The continuous backup of the recovery point has stopped: it can be restored to no time after that.",
}

violations contains {"message": message, "at": "status"} if {
	message := faults[input.status]
}
