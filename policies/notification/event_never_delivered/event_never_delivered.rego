# METADATA
# title: Vault relies on an event that may not be sent
# description: >-
#   Some events can be named in a vault's notifications and are, or were for a time, not sent: AWS calls them deprecated.
#   A vault that names one of these and no event that tells of the same relies on a message that may never come.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultNotifications.html
# custom:
#   severity: medium
#   subject: vault
#   reads:
#     - name
#     - in_use
#     - watch.notifications.topic
#     - watch.notifications.doubtful_events.name
#     - watch.notifications.doubtful_events.instead
#     - watch.notifications.doubtful_events.read_on
#   spec: [S141, S144, S178]
#   frameworks:
#     nist-800-53-r5: {CA-7: supports}
#     nis2: {4.2.5: supports}
#   remediation: Add BACKUP_JOB_COMPLETED and RESTORE_JOB_COMPLETED, which are sent for every end of a job.
package backstop.notification.event_never_delivered

applies if {
	input.in_use
	is_string(input.watch.notifications.topic)
}

violations contains {"message": message, "at": "watch.notifications.doubtful_events", "for": event.name} if {
	some event in input.watch.notifications.doubtful_events
	event.instead != null
	message := sprintf("Vault '%s' relies on the event '%s', whose support has changed (as of %s): add '%s', which tells of the same.", [input.name, event.name, event.read_on, event.instead])
}

violations contains {"message": message, "at": "watch.notifications.doubtful_events", "for": event.name} if {
	some event in input.watch.notifications.doubtful_events
	event.instead == null
	message := sprintf("Vault '%s' relies on the event '%s', which AWS lists as deprecated and never sends (as of %s).", [input.name, event.name, event.read_on])
}
