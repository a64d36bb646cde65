# METADATA
# title: Alarm that tells nobody
# description: >-
#   An alarm on AWS Backup can be there and never be heard: it has no action, goes by a metric or a vault that does not
#   exist, or does the wrong thing with missing data, which is what AWS Backup sends most of the time.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
#   - ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
# custom:
#   severity: medium
#   subject: alarm
#   reads: [name, faults.what, faults.of, metrics_read_on]
#   spec: [S133, S134, S179]
#   frameworks:
#     nist-800-53-r5: {CA-7: supports}
#     nis2: {4.2.5: supports}
#   remediation: Mend what the finding names, and test the alarm with 'aws cloudwatch set-alarm-state'.
package backstop.alarm.ineffective

why(fault) := "has no action" if fault.what == "no_action"

why(fault) := "has its actions switched off" if fault.what == "actions_off"

why(fault) := sprintf("goes by the metric '%s', which AWS Backup does not have (as of %s)", [fault.of, input.metrics_read_on]) if {
	fault.what == "unknown_metric"
}

why(fault) := sprintf("goes by the dimension '%s', which AWS Backup's metrics do not have (as of %s)", [fault.of, input.metrics_read_on]) if {
	fault.what == "unknown_dimension"
}

why(fault) := sprintf("goes by the vault '%s', which does not exist", [fault.of]) if fault.what == "unknown_vault"

why(fault) := sprintf("waits for too few jobs and treats missing data as '%s': AWS Backup sends no zeros, so that nothing sets it off", [fault.of]) if {
	fault.what == "silence_ignored"
}

why(fault) := sprintf("treats missing data as '%s': AWS Backup sends no zeros, so that it stays in alarm after the first job and tells of no other", [fault.of]) if {
	fault.what == "never_ends"
}

why(fault) := sprintf("treats missing data as '%s': AWS Backup sends no zeros, so that it is in alarm all the time", [fault.of]) if {
	fault.what == "always_in_alarm"
}

why(fault) := "tells only topics that do not exist, have no confirmed subscription, or are under SNS's own key" if fault.what == "undeliverable"

violations contains {"message": message, "at": "faults", "for": fault.what} if {
	some fault in input.faults
	message := sprintf("Alarm '%s' %s.", [input.name, why(fault)])
}
