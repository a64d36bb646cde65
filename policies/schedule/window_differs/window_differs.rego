# METADATA
# title: Start or completion window differs
# description: >-
#   The rule gives its backups longer to start or to complete than is allowed, or less time to start than AWS Backup asks for.
#   Every minute of both windows is a minute of changes that may be lost, and of silence before a job counts as failed.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
# custom:
#   severity: medium
#   subject: plan_rule
#   reads: [name, start_window_minutes, completion_window_minutes]
#   parameters: [start_window_minutes, completion_window_minutes]
#   spec: [S53, S54, S60, S61]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes}
#     iso-27001-2022: {A.8.13: precedes}
#     soc-2: {A1.2: precedes}
#   remediation: Set both windows of the rule to what start_window_minutes and completion_window_minutes allow.
package backstop.schedule.window_differs

# AWS Backup's own, where the rule sets none.
default_start := 480

default_completion := 10080

# Less than this AWS Backup does not take (API: BackupRuleInput).
least_start := 60

violations contains {"message": message, "at": "start_window_minutes"} if {
	input.start_window_minutes == null
	default_start > input.params.start_window_minutes
	message := sprintf("Rule '%s' sets no start window: AWS Backup lets its backups start within %d minutes, and %d are allowed.", [input.name, default_start, input.params.start_window_minutes])
}

violations contains {"message": message, "at": "start_window_minutes"} if {
	is_number(input.start_window_minutes)
	input.start_window_minutes > input.params.start_window_minutes
	message := sprintf("Rule '%s' lets its backups start within %d minutes, and %d are allowed.", [input.name, input.start_window_minutes, input.params.start_window_minutes])
}

violations contains {"message": message, "at": "start_window_minutes"} if {
	is_number(input.start_window_minutes)
	input.start_window_minutes < least_start
	message := sprintf("Rule '%s' lets its backups start within %d minutes only, and AWS Backup asks for %d at least.", [input.name, input.start_window_minutes, least_start])
}

violations contains {"message": message, "at": "completion_window_minutes"} if {
	input.completion_window_minutes == null
	default_completion > input.params.completion_window_minutes
	message := sprintf("Rule '%s' sets no completion window: AWS Backup lets its backups run for %d minutes, and %d are allowed.", [input.name, default_completion, input.params.completion_window_minutes])
}

violations contains {"message": message, "at": "completion_window_minutes"} if {
	is_number(input.completion_window_minutes)
	input.completion_window_minutes > input.params.completion_window_minutes
	message := sprintf("Rule '%s' lets its backups run for %d minutes, and %d are allowed.", [input.name, input.completion_window_minutes, input.params.completion_window_minutes])
}
