# METADATA
# title: Vault does not tell of an event
# description: >-
#   A vault sends the events that its notifications name and no others. Whoever waits for one that is not named takes
#   silence for success.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html
# custom:
#   severity: medium
#   subject: vault
#   reads: [name, in_use, watch.notifications.topic, watch.notifications.events, watch.in_copies]
#   parameters: [required_events]
#   spec: [S134, S139, S140, S141, S142, S143, S144]
#   frameworks:
#     nist-800-53-r5: {CA-7: supports}
#     nis2: {4.2.5: supports}
#   remediation: Add the event to the vault's notifications.
package backstop.notification.event_missing

applies if {
	input.in_use
	is_string(input.watch.notifications.topic)
}

events contains event if some event in input.watch.notifications.events

violations contains {"message": message, "at": "watch.notifications.events", "for": event} if {
	some event in input.params.required_events
	not event in events
	message := sprintf("The notifications of vault '%s' lack the event '%s'.", [input.name, event])
}

violations contains {"message": message, "at": "watch.notifications.events", "for": "COPY_JOB_FAILED"} if {
	input.watch.in_copies
	not "COPY_JOB_FAILED" in events
	not "COPY_JOB_FAILED" in input.params.required_events
	message := sprintf("Copies come into vault '%s' or leave it, and its notifications lack the event 'COPY_JOB_FAILED'.", [input.name])
}

# A job that expired is told by the event of jobs that came to an end as well: it is sent for every end.
violations contains {"message": message, "at": "watch.notifications.events", "for": "BACKUP_JOB_EXPIRED"} if {
	not "BACKUP_JOB_EXPIRED" in events
	not "BACKUP_JOB_COMPLETED" in events
	not "BACKUP_JOB_EXPIRED" in input.params.required_events
	message := sprintf("The notifications of vault '%s' tell of no backup job that expired: they lack both 'BACKUP_JOB_COMPLETED' and 'BACKUP_JOB_EXPIRED'.", [input.name])
}
