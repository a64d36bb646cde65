# METADATA
# title: Retention outside the vault lock's range
# description: >-
#   A locked vault refuses every backup and copy job whose retention is shorter than its minimum or longer than its
#   maximum. The rule runs on schedule and every one of its jobs fails.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
# custom:
#   severity: critical
#   subject: plan_rule
#   reads:
#     - name
#     - lifecycle.delete_after_days
#     - target_vault.name
#     - target_vault.lock.min_retention_days
#     - target_vault.lock.max_retention_days
#     - copies.lifecycle.delete_after_days
#     - copies.destination.arn
#     - copies.destination.name
#     - copies.destination.lock.min_retention_days
#     - copies.destination.lock.max_retention_days
#   spec: [S45, S126, S127]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes}
#     iso-27001-2022: {A.8.13: precedes}
#   blocks: [here, another_region, another_account]
#   remediation: Raise the lock's maximum while it can still be changed, or bring the rule's retention into its range.
package backstop.vault_lock.retention_out_of_range

import data.backstop.lib.days
import data.backstop.lib.lock

violations contains {"message": message, "at": "lifecycle.delete_after_days"} if {
	target := input.target_vault
	kept := input.lifecycle.delete_after_days
	refusal := lock.refusal(target.lock.min_retention_days, target.lock.max_retention_days, kept)
	message := sprintf("Rule '%s' keeps points %s, %s that the lock of vault '%s' allows: every job fails.", [input.name, days.kept(kept), refusal, target.name])
}

violations contains {"message": message, "at": "copies.lifecycle.delete_after_days", "for": copy.destination.arn} if {
	some copy in input.copies
	target := copy.destination
	kept := copy.lifecycle.delete_after_days
	refusal := lock.refusal(target.lock.min_retention_days, target.lock.max_retention_days, kept)
	message := sprintf("Rule '%s' keeps copies %s, %s that the lock of vault '%s' allows: every copy fails.", [input.name, days.kept(kept), refusal, target.name])
}
