# METADATA
# title: Vault notifies nobody
# description: >-
#   AWS Backup tells nobody of a job that fails unless it is asked to: through the vault's notifications, or through a
#   rule of EventBridge that its events match. A vault with neither fails in silence.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
# custom:
#   severity: high
#   subject: vault
#   reads: [name, in_use, watch.told_by]
#   spec: [S133, S138, S178]
#   frameworks:
#     nist-800-53-r5: {CA-7: supports}
#     nis2: {4.2.5: supports}
#   remediation: Let the vault send its events to an SNS topic that somebody reads.
package backstop.notification.missing

applies if input.in_use

violations contains {"message": message, "at": "watch.told_by"} if {
	input.watch.told_by == "nobody"
	message := sprintf("Vault '%s' has no notifications, and no rule of EventBridge hands its failed jobs to anybody.", [input.name])
}
