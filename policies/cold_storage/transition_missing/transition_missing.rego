# METADATA
# title: Transition to cold storage is missing or on another day
# description: >-
#   The environment requires recovery points to move to cold storage after a set number of days. The rule never moves
#   them, or moves them earlier or later.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
# custom:
#   severity: medium
#   subject: plan_rule
#   reads: [name, lifecycle.move_to_cold_storage_after_days]
#   parameters: [require_cold_storage, cold_storage_after_days]
#   spec: [S46, S56, S63]
#   frameworks: {}
#   remediation: Set the rule's transition to cold_storage_after_days, and keep its points for 90 days more at least.
package backstop.cold_storage.transition_missing

applies if input.params.require_cold_storage

violations contains {"message": message, "at": "lifecycle.move_to_cold_storage_after_days"} if {
	input.lifecycle.move_to_cold_storage_after_days == null
	message := sprintf("Rule '%s' never moves points to cold storage; they must move on day %d.", [input.name, input.params.cold_storage_after_days])
}

violations contains {"message": message, "at": "lifecycle.move_to_cold_storage_after_days"} if {
	transition := input.lifecycle.move_to_cold_storage_after_days
	is_number(transition)
	transition > input.params.cold_storage_after_days
	message := sprintf("Rule '%s' moves points to cold storage on day %d, later than day %d.", [input.name, transition, input.params.cold_storage_after_days])
}

violations contains {"message": message, "at": "lifecycle.move_to_cold_storage_after_days"} if {
	transition := input.lifecycle.move_to_cold_storage_after_days
	is_number(transition)
	transition < input.params.cold_storage_after_days
	message := sprintf("Rule '%s' moves points to cold storage on day %d, earlier than day %d.", [input.name, transition, input.params.cold_storage_after_days])
}
