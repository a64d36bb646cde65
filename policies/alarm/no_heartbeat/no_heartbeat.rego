# METADATA
# title: Nothing notices a backup that never runs
# description: >-
#   A plan that was disabled, emptied or never started makes no job, and no job fails. Only an alarm that goes off when
#   no backup was completed, with missing data taken for a breach, notices that.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
#   - ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
# custom:
#   severity: high
#   subject: vault
#   reads: [name, watch.takes_backups, watch.silence_noticed]
#   spec: [S179]
#   frameworks:
#     nist-800-53-r5: {CA-7: supports}
#     nis2: {4.2.5: supports}
#   remediation: Make an alarm on fewer than one completed backup job in a day, with missing data treated as breaching.
package backstop.alarm.no_heartbeat

applies if input.watch.takes_backups

violations contains {"message": message, "at": "watch.silence_noticed"} if {
	not input.watch.silence_noticed
	message := sprintf("No alarm goes off when no backup is made in vault '%s': a plan that never runs makes no job that could fail.", [input.name])
}
