# METADATA
# title: Notifications cannot arrive
# description: >-
#   AWS Backup takes any topic in a vault's notifications, and does not report that it cannot publish to it. Messages to a
#   topic that it cannot reach, or that nobody listens to, are lost.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html
#   - ref: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
# custom:
#   severity: high
#   subject: vault
#   reads: [name, in_use, watch.notifications.topic, watch.notifications.obstacles]
#   spec: [S133, S178]
#   frameworks:
#     nist-800-53-r5: {CA-7: supports}
#     nis2: {4.2.5: supports}
#   remediation: Mend the topic, its policy or its key, or name another topic.
package backstop.notification.undeliverable

applies if {
	input.in_use
	is_string(input.watch.notifications.topic)
}

why := {
	"other_account": "belongs to another account",
	"other_region": "is in another Region",
	"fifo": "is a FIFO topic",
	"missing": "does not exist",
	"no_confirmed_subscription": "has no confirmed subscription",
	"policy": "has a policy that does not let AWS Backup publish",
	"aws_managed_key": "is encrypted with 'alias/aws/sns', which AWS Backup cannot use",
	"key_unusable": "is encrypted with a key that is not enabled",
	"key_policy": "is encrypted with a key whose policy does not let AWS Backup use it",
}

violations contains {"message": message, "at": "watch.notifications.obstacles", "for": obstacle} if {
	some obstacle in input.watch.notifications.obstacles
	message := sprintf("Vault '%s' notifies the topic '%s', which %s: nobody gets its messages.", [input.name, input.watch.notifications.topic, why[obstacle]])
}
