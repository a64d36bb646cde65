# METADATA
# title: Transition that every selected resource type ignores
# description: >-
#   The rule moves its recovery points to cold storage, and none of the resource types that its plan selects has one.
#   AWS Backup ignores the transition without a word: the points stay warm, at the price of warm storage.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
# custom:
#   severity: medium
#   subject: plan_rule
#   reads:
#     - name
#     - lifecycle.move_to_cold_storage_after_days
#     - selected_types.type
#     - selected_types.has_cold_storage
#     - selected_types.read_on
#   spec: [S46, S184]
#   frameworks: {}
#   remediation: Leave the transition out, or give the type cold storage, as advanced features do for DynamoDB.
package backstop.cold_storage.ignored_by_resource_type

import data.backstop.lib.text

applies if {
	is_number(input.lifecycle.move_to_cold_storage_after_days)
	count(types) > 0
}

types contains selected.type if some selected in input.selected_types

tables contains selected.read_on if some selected in input.selected_types

cold_storage_exists if {
	some selected in input.selected_types
	selected.has_cold_storage
}

violations contains {"message": message, "at": "lifecycle.move_to_cold_storage_after_days"} if {
	not cold_storage_exists
	message := sprintf("Rule '%s' moves points to cold storage on day %d, and no type that its plan selects (%s) has cold storage, as of %s: they stay warm.", [input.name, input.lifecycle.move_to_cold_storage_after_days, text.quoted(types), text.quoted(tables)])
}
