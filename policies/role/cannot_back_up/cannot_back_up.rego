# METADATA
# title: Role cannot back up what it selects
# description: >-
#   The policies of a role that AWS Backup works as do not allow what no backup of a selected resource type can do without.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
#   - ref: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
# custom:
#   severity: high
#   subject: role
#   reads: [arn, exists, abilities.type, abilities.read_on, abilities.lacks_for_backup]
#   spec: [S101, S102]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#   blocks: [here, another_region, another_account]
#   remediation: Attach AWS's policy for it to the role, or allow the actions that are missing.
package backstop.role.cannot_back_up

import data.backstop.lib.text

# Where nothing is selected, nothing is asked of it. What a service-linked role may do is AWS's to say, and nobody else's to mend.
applies if {
	input.exists
	count(input.abilities) > 0
	not contains(input.arn, ":role/aws-service-role/")
}

violations contains {"message": message, "at": "abilities.lacks_for_backup", "for": ability.type} if {
	some ability in input.abilities
	count(ability.lacks_for_backup) > 0
	message := sprintf("Role '%s' lacks %s (as of %s): no resource of type '%s' is backed up with it.", [input.arn, text.quoted(ability.lacks_for_backup), ability.read_on, ability.type])
}
