# METADATA
# title: AWS Backup cannot assume the role
# description: >-
#   A selection names a role that does not exist, that belongs to another account, or whose trust policy does not let AWS
#   Backup assume it. Every job of the selection fails.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
# custom:
#   severity: high
#   subject: role
#   reads: [arn, trust.standing]
#   spec: [S100, S101]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#   blocks: [here, another_region, another_account]
#   remediation: Name a role of the plan's account whose trust policy lets 'backup.amazonaws.com' assume it.
package backstop.role.untrusted_by_backup

what := {
	"distrusts": "has a trust policy that does not let AWS Backup assume it",
	"missing": "does not exist",
	"in_another_account": "belongs to another account, and no role can be passed across accounts",
}

violations contains {"message": message, "at": "trust.standing"} if {
	wrong := what[input.trust.standing]
	message := sprintf("Role '%s' %s: every backup with it fails.", [input.arn, wrong])
}
