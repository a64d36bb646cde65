package backstop.alarm.no_heartbeat_test

import data.backstop.alarm.no_heartbeat as rule

vault(noticed) := {"name": "main", "watch": {"takes_backups": true, "silence_noticed": noticed}}

test_fails_where_silence_is_not_noticed if {
	rule.applies with input as vault(false)
	rule.violations == {{
		"message": "No alarm goes off when no backup is made in vault 'main': a plan that never runs makes no job that could fail.",
		"at": "watch.silence_noticed",
	}} with input as vault(false)
}

test_passes_where_silence_is_noticed if {
	count(rule.violations) == 0 with input as vault(true)
}

test_does_not_apply_where_no_plan_makes_backups if {
	not rule.applies with input as {"name": "main", "watch": {"takes_backups": false, "silence_noticed": false}}
}
