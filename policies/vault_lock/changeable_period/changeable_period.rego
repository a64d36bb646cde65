# METADATA
# title: Cooling-off period differs from the required one
# description: >-
#   A compliance lock can be changed or removed until its cooling-off period is over. A longer one leaves the points
#   removable for longer, a shorter one leaves less time to find a mistake, and AWS refuses fewer than three days.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html
# custom:
#   severity: medium
#   subject: vault
#   reads: [name, lock.mode, lock.changeable_days]
#   parameters: [lock_changeable_days]
#   spec: [S125]
#   frameworks: {}
#   remediation: While the lock can still be changed, put it again with the required cooling-off period.
package backstop.vault_lock.changeable_period

import data.backstop.lib.days

# The shortest cooling-off period that AWS accepts (API: PutBackupVaultLockConfiguration).
shortest_days := 3

# Once the period is over it is history, and nobody can act on it.
applies if input.lock.mode == "compliance_grace"

violations contains {"message": message, "at": "lock.changeable_days"} if {
	changeable := input.lock.changeable_days
	is_number(changeable)
	changeable < shortest_days
	message := sprintf("The cooling-off period of the lock of vault '%s' lasts %s: AWS accepts no fewer than %d.", [input.name, days.kept(changeable), shortest_days])
}

violations contains {"message": message, "at": "lock.changeable_days"} if {
	changeable := input.lock.changeable_days
	is_number(changeable)
	changeable >= shortest_days
	changeable != input.params.lock_changeable_days
	message := sprintf("The cooling-off period of the lock of vault '%s' lasts %s instead of %d.", [input.name, days.kept(changeable), input.params.lock_changeable_days])
}
