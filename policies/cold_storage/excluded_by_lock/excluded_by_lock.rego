# METADATA
# title: Vault lock leaves no room for cold storage
# description: >-
#   The longest retention that the lock of the rule's vault allows ends less than 90 days after the transition to cold
#   storage. Points must stay in cold storage for 90 days, so whatever retention the rule has, either AWS refuses the
#   plan or the lock fails every job.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
# custom:
#   severity: critical
#   subject: plan_rule
#   reads:
#     - name
#     - lifecycle.move_to_cold_storage_after_days
#     - target_vault.name
#     - target_vault.lock.max_retention_days
#   parameters: [require_cold_storage, cold_storage_after_days]
#   spec: [S46, S56, S63, S127]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes}
#     iso-27001-2022: {A.8.13: precedes}
#     soc-2: {A1.2: precedes}
#   remediation: Raise the lock's maximum while it can still be changed, or give the transition up.
package backstop.cold_storage.excluded_by_lock

import data.backstop.lib.cold_storage

applies if is_number(transition)

# The rule's own transition or, where it has none, the one that the environment requires.
transition := input.lifecycle.move_to_cold_storage_after_days if is_number(input.lifecycle.move_to_cold_storage_after_days)

transition := input.params.cold_storage_after_days if {
	input.lifecycle.move_to_cold_storage_after_days == null
	input.params.require_cold_storage
}

violations contains {"message": message, "at": "target_vault.lock.max_retention_days"} if {
	maximum := input.target_vault.lock.max_retention_days
	is_number(maximum)
	earliest := cold_storage.earliest_deletion(transition)
	maximum < earliest
	message := sprintf("Points of rule '%s' that are to move to cold storage on day %d must be kept for %d days, and the lock of vault '%s' allows at most %d: no retention satisfies both.", [input.name, transition, earliest, input.target_vault.name, maximum])
}
