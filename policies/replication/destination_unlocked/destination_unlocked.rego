# METADATA
# title: Copy destination is locked more weakly than its source
# description: >-
#   A vault lock protects one vault. The copies in a vault that has none, or one that is easier to take away or that
#   allows shorter retentions, can be destroyed although the points they are made from cannot.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
# custom:
#   severity: high
#   subject: plan_rule
#   reads:
#     - name
#     - target_vault.name
#     - target_vault.lock.mode
#     - target_vault.lock.min_retention_days
#     - copies.destination.arn
#     - copies.destination.name
#     - copies.destination.lock.mode
#     - copies.destination.lock.min_retention_days
#   parameters: [require_lock]
#   spec: [S29, S120, S128, S197]
#   frameworks:
#     nist-800-53-r5: {CP-9(8): supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     dora: {12(2): supports}
#     nis2: {4.2.2 d: supports}
#   remediation: Lock the destination in the mode of its source, with a minimum retention that is no shorter.
package backstop.replication.destination_unlocked

import data.backstop.lib.lock

strength := {"none": 0, "governance": 1, "compliance_grace": 2, "immutable": 3}

applies if {
	some copy in input.copies
	is_string(copy.destination.arn)
}

violations contains {"message": message, "at": "copies.destination.lock.mode", "for": copy.destination.arn} if {
	some copy in input.copies
	copy.destination.lock.mode == "none"
	lock.locked(input.target_vault.lock.mode)
	message := sprintf("Rule '%s' copies from vault '%s', which is locked, to vault '%s', which is not.", [input.name, input.target_vault.name, copy.destination.name])
}

violations contains {"message": message, "at": "copies.destination.lock.mode", "for": copy.destination.arn} if {
	some copy in input.copies
	copy.destination.lock.mode == "none"
	input.target_vault.lock.mode == "none"
	input.params.require_lock
	message := sprintf("Rule '%s' copies to vault '%s', which is not locked; this environment requires locks.", [input.name, copy.destination.name])
}

violations contains {"message": message, "at": "copies.destination.lock.mode", "for": copy.destination.arn} if {
	some copy in input.copies
	lock.locked(copy.destination.lock.mode)
	strength[copy.destination.lock.mode] < strength[input.target_vault.lock.mode]
	message := sprintf("Rule '%s' copies from vault '%s', whose lock is '%s', to vault '%s', whose lock is only '%s'.", [input.name, input.target_vault.name, input.target_vault.lock.mode, copy.destination.name, copy.destination.lock.mode])
}

violations contains {"message": message, "at": "copies.destination.lock.min_retention_days", "for": copy.destination.arn} if {
	some copy in input.copies
	lock.locked(copy.destination.lock.mode)
	shortest_copy := shortest(copy.destination.lock.min_retention_days)
	shortest_point := shortest(input.target_vault.lock.min_retention_days)
	shortest_copy < shortest_point
	message := sprintf("Rule '%s' copies from vault '%s', whose lock allows no retention below %d days, to vault '%s', whose lock allows %d.", [input.name, input.target_vault.name, shortest_point, copy.destination.name, shortest_copy])
}

# The shortest retention that a lock with this minimum allows: AWS Backup knows none shorter than a day.
shortest(minimum) := minimum if is_number(minimum)

shortest(minimum) := 1 if minimum == null
