# METADATA
# title: Less than 90 days in cold storage
# description: >-
#   A lifecycle deletes points less than 90 days after it moves them to cold storage. AWS Backup refuses a plan that
#   holds such a lifecycle, in a rule or in a copy action: none of the plan's rules is created or changed.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
# custom:
#   severity: critical
#   subject: plan_rule
#   reads:
#     - name
#     - lifecycle.move_to_cold_storage_after_days
#     - lifecycle.delete_after_days
#     - copies.lifecycle.move_to_cold_storage_after_days
#     - copies.lifecycle.delete_after_days
#     - copies.destination.arn
#     - copies.destination.name
#   spec: [S46, S56, S63]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes}
#     iso-27001-2022: {A.8.13: precedes}
#     soc-2: {A1.2: precedes}
#   blocks: [here, another_region, another_account]
#   remediation: Delete points 90 days after their transition at the earliest, or leave the transition out.
package backstop.cold_storage.minimum_90_days

import data.backstop.lib.cold_storage
import data.backstop.lib.days

applies if is_number(input.lifecycle.move_to_cold_storage_after_days)

applies if {
	some copy in input.copies
	is_number(copy.lifecycle.move_to_cold_storage_after_days)
}

violations contains {"message": message, "at": "lifecycle.delete_after_days"} if {
	earliest := cold_storage.earliest_deletion(input.lifecycle.move_to_cold_storage_after_days)
	kept := input.lifecycle.delete_after_days
	days.shorter(kept, earliest)
	message := sprintf("Rule '%s' keeps points %s, and moves them to cold storage after %d: AWS refuses the plan, because they must then be kept %s.", [input.name, days.kept(kept), input.lifecycle.move_to_cold_storage_after_days, days.kept(earliest)])
}

violations contains {"message": message, "at": "copies.lifecycle.delete_after_days", "for": copy.destination.arn} if {
	some copy in input.copies
	earliest := cold_storage.earliest_deletion(copy.lifecycle.move_to_cold_storage_after_days)
	kept := copy.lifecycle.delete_after_days
	days.shorter(kept, earliest)
	message := sprintf("Rule '%s' keeps copies in vault '%s' %s, and moves them to cold storage after %d: AWS refuses the plan, because they must then be kept %s.", [input.name, copy.destination.name, days.kept(kept), copy.lifecycle.move_to_cold_storage_after_days, days.kept(earliest)])
}
