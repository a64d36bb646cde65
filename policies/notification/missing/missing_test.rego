package backstop.notification.missing_test

import data.backstop.notification.missing as rule

vault(told_by) := {"name": "main", "in_use": true, "watch": {"told_by": told_by}}

test_fails_where_nobody_is_told if {
	rule.applies with input as vault("nobody")
	rule.violations == {{
		"message": "Vault 'main' has no notifications, and no rule of EventBridge hands its failed jobs to anybody.",
		"at": "watch.told_by",
	}} with input as vault("nobody")
}

test_passes_where_a_topic_or_a_rule_is_told if {
	every teller in ["topic", "event_rule"] {
		count(rule.violations) == 0 with input as vault(teller)
	}
}

test_does_not_apply_to_a_vault_that_nothing_is_written_into if {
	not rule.applies with input as object.union(vault("nobody"), {"in_use": false})
}
