# METADATA
# title: No alarm on jobs that end badly
# description: >-
#   A backup job can fail, expire before it begins, or be aborted, and each is counted by a metric of its own. The failure
#   of a copy is counted for the vault that it should have come into, and nowhere else.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
# custom:
#   severity: medium
#   subject: vault
#   reads: [name, watch.endings.ending, watch.endings.occurs, watch.endings.noticed]
#   parameters: [required_alarms]
#   spec: [S133, S134, S179]
#   frameworks:
#     nist-800-53-r5: {CA-7: supports}
#     nis2: {4.2.5: supports}
#   remediation: Make an alarm, with an action, on each metric of jobs that end badly, or one rule of EventBridge for all of them.
package backstop.alarm.missing

applies if {
	some ending in input.watch.endings
	ending.occurs
}

jobs := {
	"backup_failed": "backup job that fails in",
	"backup_expired": "backup job that expires in",
	"backup_aborted": "backup job that is aborted in",
	"copy_failed": "failed copy into",
}

violations contains {"message": message, "at": "watch.endings.noticed", "for": ending.ending} if {
	some ending in input.watch.endings
	ending.ending in input.params.required_alarms
	ending.occurs
	not ending.noticed
	message := sprintf("A %s vault '%s' sets off no alarm that is enabled and has an action, and matches no rule of EventBridge that has a target.", [jobs[ending.ending], input.name])
}

# A name that is misspelt must not pass for one that is watched.
violations contains {"message": message, "at": "watch.endings.ending", "for": name} if {
	some name in input.params.required_alarms
	not jobs[name]
	message := sprintf("The parameter 'required_alarms' asks for '%s', which is none of 'backup_aborted', 'backup_expired', 'backup_failed', 'copy_failed'.", [name])
}
