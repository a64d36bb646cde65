# METADATA
# title: Faulty vault lock is about to become permanent
# description: >-
#   The cooling-off period of a compliance lock is running out while the lock, or what writes into the vault or lies in
#   it, still has a fault. After the lock date nobody can change the lock, AWS included: this is the last chance to
#   mend.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVaultLockConfiguration.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
# custom:
#   severity: critical
#   subject: vault
#   reads:
#     - name
#     - lock.mode
#     - lock.hours_until_immutable
#     - lock.min_retention_days
#     - lock.max_retention_days
#     - used_by.plan
#     - used_by.rule
#     - used_by.is_copy
#     - used_by.delete_after_days
#     - used_by.move_to_cold_storage_after_days
#     - points.unlimited
#   parameters: [warn_hours, retention_days, lock_min_retention_days, lock_max_retention_factor, lock_headroom_percent]
#   spec: [S46, S125, S126, S127]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes, SI-12: precedes}
#     iso-27001-2022: {A.8.13: precedes}
#   remediation: Before the lock date, put the lock again with a range that fits, or delete its configuration.
package backstop.vault_lock.becoming_immutable_invalid

import data.backstop.lib.cold_storage
import data.backstop.lib.days
import data.backstop.lib.lock

applies if input.lock.mode == "compliance_grace"

due if {
	is_number(input.lock.hours_until_immutable)
	input.lock.hours_until_immutable <= input.params.warn_hours
}

within(hours) := "Within the hour" if hours < 1

within(hours) := "In 1 hour" if hours == 1

within(hours) := sprintf("In %d hours", [hours]) if hours > 1

# How every message begins.
deadline := sprintf("%s the lock of vault '%s' becomes permanent", [within(input.lock.hours_until_immutable), input.name])

# What a use writes into the vault, in the middle of a sentence.
written(is_copy, plan, name) := sprintf("the copies of rule '%s' in plan '%s'", [name, plan]) if is_copy

written(is_copy, plan, name) := sprintf("the points of rule '%s' in plan '%s'", [name, plan]) if not is_copy

# Tells the uses with one fault apart.
identified(fault, is_copy, plan, name) := sprintf("%s/%s/%s/copy", [fault, plan, name]) if is_copy

identified(fault, is_copy, plan, name) := sprintf("%s/%s/%s", [fault, plan, name]) if not is_copy

violations contains {"message": message, "at": "lock.min_retention_days", "for": "minimum"} if {
	due
	fault := lock.minimum_fault(input.lock.min_retention_days, input.params.lock_min_retention_days)
	message := sprintf("%s, and it %s.", [deadline, fault])
}

violations contains {"message": message, "at": "lock.max_retention_days", "for": "maximum"} if {
	due
	limit := input.params.lock_max_retention_factor * input.params.retention_days
	fault := lock.maximum_fault(input.lock.max_retention_days, limit)
	message := sprintf("%s, and it %s.", [deadline, fault])
}

violations contains {"message": message, "at": "used_by.delete_after_days", "for": identity} if {
	due
	some use in input.used_by
	identity := identified("refused", use.is_copy, use.plan, use.rule)
	refusal := lock.refusal(input.lock.min_retention_days, input.lock.max_retention_days, use.delete_after_days)
	message := sprintf("%s, and with it the refusal of %s, which are to be kept %s: %s.", [deadline, written(use.is_copy, use.plan, use.rule), days.kept(use.delete_after_days), refusal])
}

violations contains {"message": message, "at": "lock.max_retention_days", "for": identity} if {
	due
	maximum := input.lock.max_retention_days
	is_number(maximum)
	some use in input.used_by
	identity := identified("cold-storage-excluded", use.is_copy, use.plan, use.rule)
	transition := use.move_to_cold_storage_after_days
	is_number(transition)
	earliest := cold_storage.earliest_deletion(transition)
	maximum < earliest
	message := sprintf("%s, and with it a maximum of %d: %s move to cold storage on day %d and must be kept until day %d.", [deadline, maximum, written(use.is_copy, use.plan, use.rule), transition, earliest])
}

# AWS refuses such a lifecycle whatever the lock; mending it may need a higher maximum.
violations contains {"message": message, "at": "used_by.delete_after_days", "for": identity} if {
	due
	some use in input.used_by
	identity := identified("cold-storage-too-short", use.is_copy, use.plan, use.rule)
	transition := use.move_to_cold_storage_after_days
	is_number(transition)
	is_number(use.delete_after_days)
	earliest := cold_storage.earliest_deletion(transition)
	use.delete_after_days < earliest
	message := sprintf("%s, and with it the range in which this must be mended: %s move to cold storage on day %d and are deleted on day %d, which AWS allows from day %d on.", [deadline, written(use.is_copy, use.plan, use.rule), transition, use.delete_after_days, earliest])
}

violations contains {"message": message, "at": "points.unlimited", "for": "unlimited"} if {
	due
	input.points.unlimited > 0
	message := sprintf("%s, and with it every recovery point that has no expiry, of which the vault holds %d: nobody will be able to delete them.", [deadline, input.points.unlimited])
}

# What the lock refuses is told above; this is about the longest retention that it accepts.
violations contains {"message": message, "at": "lock.max_retention_days", "for": "headroom"} if {
	due
	maximum := input.lock.max_retention_days
	is_number(maximum)
	accepted := [use.delete_after_days |
		some use in input.used_by
		is_number(use.delete_after_days)
		use.delete_after_days <= maximum
	]
	longest := lock.longest(accepted)
	lock.headroom_used(longest, maximum, input.params.lock_headroom_percent)
	message := sprintf("%s, and with it a maximum of %d, of which the longest retention, %d, uses %d per cent or more.", [deadline, maximum, longest, input.params.lock_headroom_percent])
}
