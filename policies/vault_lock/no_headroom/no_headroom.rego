# METADATA
# title: Little room below the vault lock's maximum
# description: >-
#   The longest retention of the rules that write into a locked vault is close to the lock's maximum. The day somebody
#   lengthens it, every job of that rule fails, and an immutable lock cannot be raised to let it through.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
# custom:
#   severity: medium
#   subject: vault
#   reads: [name, lock.mode, lock.max_retention_days, used_by.delete_after_days]
#   parameters: [lock_headroom_percent]
#   spec: [S127]
#   frameworks: {}
#   remediation: Raise the lock's maximum while it can still be changed, or plan a second vault for longer retentions.
package backstop.vault_lock.no_headroom

import data.backstop.lib.days
import data.backstop.lib.lock

applies if {
	lock.locked(input.lock.mode)
	input.lock.max_retention_days != null
}

longest := lock.longest([use.delete_after_days | some use in input.used_by])

violations contains {"message": message, "at": "lock.max_retention_days"} if {
	maximum := input.lock.max_retention_days
	lock.headroom_used(longest, maximum, input.params.lock_headroom_percent)
	message := sprintf("Points are written into vault '%s' to be kept %s, which is %d per cent or more of the maximum of %d that its lock allows.", [input.name, days.kept(longest), input.params.lock_headroom_percent, maximum])
}

violations contains {"message": message, "at": "lock.max_retention_days"} if {
	longest == null
	message := sprintf("Points are written into vault '%s' to be kept for ever, and its lock allows a maximum of %d.", [input.name, input.lock.max_retention_days])
}
