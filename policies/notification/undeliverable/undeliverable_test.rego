package backstop.notification.undeliverable_test

import data.backstop.notification.undeliverable as rule

vault(obstacles) := {
	"name": "main",
	"in_use": true,
	"watch": {"notifications": {"topic": "arn:topic", "obstacles": obstacles}},
}

test_passes_where_nothing_is_in_the_way if {
	rule.applies with input as vault([])
	count(rule.violations) == 0 with input as vault([])
}

test_says_what_is_in_the_way if {
	rule.violations == {{
		"message": "Vault 'main' notifies the topic 'arn:topic', which has no confirmed subscription: nobody gets its messages.",
		"at": "watch.notifications.obstacles",
		"for": "no_confirmed_subscription",
	}} with input as vault(["no_confirmed_subscription"])
}

test_every_obstacle_is_told_by_itself if {
	all := [
		"other_account", "other_region", "fifo", "missing", "no_confirmed_subscription",
		"policy", "aws_managed_key", "key_unusable", "key_policy",
	]
	count(rule.violations) == 9 with input as vault(all)
}

test_does_not_apply_without_notifications if {
	not rule.applies with input as object.union(vault([]), {"watch": {"notifications": null}})
}

test_does_not_apply_to_a_vault_that_nothing_is_written_into if {
	not rule.applies with input as object.union(vault([]), {"in_use": false})
}
