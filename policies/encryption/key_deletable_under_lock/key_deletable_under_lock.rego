# METADATA
# title: Key can be deleted before locked points expire
# description: >-
#   A vault lock protects recovery points and not the key they are encrypted with. Whoever may schedule the key's
#   deletion can make all of them unrestorable, seven days later, in any lock mode.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-adding-permission.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
# custom:
#   severity: high
#   subject: vault
#   reads:
#     - name
#     - lock.mode
#     - key.owner
#     - key.deleted_in_days
#     - key.deletion_denied
#     - used_by.delete_after_days
#     - points.unlimited
#     - points.longest_retention_days
#   spec: [S29, S111, S118, S128, S197]
#   frameworks:
#     nist-800-53-r5: {SC-12: supports, SC-12(1): supports}
#     iso-27001-2022: {A.8.24: supports}
#     nis2: {4.2.2 d: supports}
#   remediation: Cancel a pending deletion, and deny 'kms:ScheduleKeyDeletion' in the key policy to all but one role.
package backstop.encryption.key_deletable_under_lock

import data.backstop.lib.days
import data.backstop.lib.lock

# KMS deletes a key no sooner than this many days after it was asked to (API: ScheduleKeyDeletion).
shortest_waiting_days := 7

applies if {
	lock.locked(input.lock.mode)
	input.key.owner == "customer"
}

# How long the points that the vault holds or gets need the key. Null: for ever.
needed_days := null if input.points.unlimited > 0

needed_days := longest if {
	input.points.unlimited == 0
	planned := [use.delete_after_days | some use in input.used_by]
	longest := lock.longest(array.concat(planned, [input.points.longest_retention_days]))
}

within(number) := "within a day" if number < 1

within(number) := "in 1 day" if number == 1

within(number) := sprintf("in %d days", [number]) if number > 1

violations contains {"message": message, "at": "key.deleted_in_days"} if {
	days.shorter(input.key.deleted_in_days, needed_days)
	message := sprintf("KMS deletes the key of the locked vault '%s' %s, and the vault keeps points %s: none of them can be restored afterwards.", [input.name, within(input.key.deleted_in_days), days.kept(needed_days)])
}

violations contains {"message": message, "at": "key.deletion_denied"} if {
	input.key.deleted_in_days == null
	not input.key.deletion_denied
	days.shorter(shortest_waiting_days, needed_days)
	message := sprintf("The locked vault '%s' keeps points %s, and its key's policy lets the key be deleted in %d days: none of them could be restored afterwards.", [input.name, days.kept(needed_days), shortest_waiting_days])
}
