# METADATA
# title: Incremental points move to cold storage too early
# description: >-
#   Points of an incremental type move to cold storage before their eighth day. Cold storage holds full points only, and
#   AWS Backup takes a further full point to keep one warm: more is stored than if nothing had moved.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
# custom:
#   severity: low
#   subject: plan_rule
#   reads:
#     - name
#     - lifecycle.move_to_cold_storage_after_days
#     - selected_types.type
#     - selected_types.has_cold_storage
#     - selected_types.is_incremental
#     - selected_types.read_on
#   spec: [S46, S184, S190]
#   frameworks: {}
#   remediation: Move points to cold storage on their eighth day at the earliest.
package backstop.cold_storage.too_early

import data.backstop.lib.text

applies if is_number(input.lifecycle.move_to_cold_storage_after_days)

# The types that the transition makes dearer.
types contains selected.type if {
	some selected in input.selected_types
	selected.is_incremental
	selected.has_cold_storage
}

tables contains selected.read_on if some selected in input.selected_types

violations contains {"message": message, "at": "lifecycle.move_to_cold_storage_after_days"} if {
	transition := input.lifecycle.move_to_cold_storage_after_days
	transition < 8
	count(types) > 0
	message := sprintf("Rule '%s' moves points to cold storage on day %d; those of %s are incremental, as of %s, and should stay warm for 8 days.", [input.name, transition, text.quoted(types), text.quoted(tables)])
}
