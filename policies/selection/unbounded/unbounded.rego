# METADATA
# title: Selection of everything in the account
# description: >-
#   The selection names nothing, or everything, and no condition narrows it. AWS Backup then tries to back up every
#   resource of every type that is opted in, at a cost that nobody decided on.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
# custom:
#   severity: medium
#   subject: selection
#   reads:
#     - name
#     - plan
#     - reach.is_unbounded
#   spec: [S71, S191]
#   frameworks: {}
#   remediation: Name the types that must be backed up, and narrow them by tags.
package backstop.selection.unbounded

violations contains {"message": message, "at": "reach.is_unbounded"} if {
	input.reach.is_unbounded
	message := sprintf("Selection '%s' of plan '%s' takes everything in the account: no type and no condition narrows it.", [input.name, input.plan])
}
