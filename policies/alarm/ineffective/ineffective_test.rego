package backstop.alarm.ineffective_test

import data.backstop.alarm.ineffective as rule

alarm(faults) := {"name": "a", "metrics_read_on": "2026-11-22", "faults": faults}

fault(what, of) := {"what": what, "of": of}

told(what, of) := [violation.message | some violation in violations_of(alarm([fault(what, of)]))]

violations_of(subject) := violations if {
	violations := rule.violations with input as subject
}

test_passes_without_a_fault if count(rule.violations) == 0 with input as alarm([])

test_a_fault_says_what_is_wrong if {
	rule.violations == {{
		"message": "Alarm 'a' has no action.",
		"at": "faults",
		"for": "no_action",
	}} with input as alarm([fault("no_action", null)])
}

test_every_fault_has_its_words if {
	told("actions_off", null) == ["Alarm 'a' has its actions switched off."]
	told("unknown_metric", "X") == ["Alarm 'a' goes by the metric 'X', which AWS Backup does not have (as of 2026-11-22)."]
	told("unknown_dimension", "X") == ["Alarm 'a' goes by the dimension 'X', which AWS Backup's metrics do not have (as of 2026-11-22)."]
	told("unknown_vault", "X") == ["Alarm 'a' goes by the vault 'X', which does not exist."]
	told("silence_ignored", "X") == ["Alarm 'a' waits for too few jobs and treats missing data as 'X': AWS Backup sends no zeros, so that nothing sets it off."]
	told("never_ends", "X") == ["Alarm 'a' treats missing data as 'X': AWS Backup sends no zeros, so that it stays in alarm after the first job and tells of no other."]
	told("always_in_alarm", "X") == ["Alarm 'a' treats missing data as 'X': AWS Backup sends no zeros, so that it is in alarm all the time."]
	told("undeliverable", null) == ["Alarm 'a' tells only topics that do not exist, have no confirmed subscription, or are under SNS's own key."]
}
