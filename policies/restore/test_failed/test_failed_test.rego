package backstop.restore.test_failed_test

import data.backstop.restore.test_failed as rule

ended(status, message, validation, validated) := {"recovery": {
	"tests": {"type_can_be_tested": true},
	"restores": {"last_test": {
		"plan": "weekly",
		"days_ago": 4,
		"status": status,
		"status_message": message,
		"validation_status": validation,
		"validation_message": validated,
	}},
}}

untested(can_be) := {"recovery": {"tests": {"type_can_be_tested": can_be}, "restores": {"last_test": null}}}

untestable := object.union(
	ended("COMPLETED", null, null, null),
	{"recovery": {"tests": {"type_can_be_tested": false}}},
)

test_passes_where_the_result_was_validated if {
	rule.applies with input as ended("COMPLETED", null, "SUCCESSFUL", null)
	count(rule.violations) == 0 with input as ended("COMPLETED", null, "SUCCESSFUL", "All rows are there")
}

test_fails_where_the_restore_failed if {
	rule.violations == {{
		"message": "The newest restore test (plan 'weekly', 4 days ago) ended as 'FAILED': 'No default VPC'.",
		"at": "recovery.restores.last_test.status",
	}} with input as ended("FAILED", "No default VPC", null, null)
}

test_fails_where_the_restore_was_aborted_without_a_word if {
	rule.violations == {{
		"message": "The newest restore test (plan 'weekly', 4 days ago) ended as 'ABORTED'.",
		"at": "recovery.restores.last_test.status",
	}} with input as ended("ABORTED", null, null, null)
}

test_fails_where_nobody_validated_the_result if {
	rule.violations == {{
		"message": "The newest restore test (plan 'weekly', 4 days ago) restored something, and nobody validated it.",
		"at": "recovery.restores.last_test.validation_status",
	}} with input as ended("COMPLETED", null, null, null)
}

test_fails_where_the_validation_failed_or_ran_out_of_time if {
	every status in ["FAILED", "TIMED_OUT"] {
		count(rule.violations) == 1 with input as ended("COMPLETED", null, status, null)
	}
	rule.violations == {{
		"message": "The newest restore test (plan 'weekly', 4 days ago) restored something, and its validation ended as 'FAILED': 'Rows are missing'.",
		"at": "recovery.restores.last_test.validation_status",
	}} with input as ended("COMPLETED", null, "FAILED", "Rows are missing")
}

test_does_not_apply_without_a_test if {
	not rule.applies with input as untested(true)
}

test_does_not_apply_to_types_that_cannot_be_tested if {
	not rule.applies with input as untested(false)
	not rule.applies with input as untestable
}
