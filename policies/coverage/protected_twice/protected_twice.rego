# METADATA
# title: Two plans do the same work on a resource
# description: >-
#   Two plans select the resource, and a rule of each runs on the same schedule into the same vault. Backups of one
#   resource run one after the other, so that the second waits for the first or expires, and what it makes is paid for
#   without protecting anything more.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html
# custom:
#   severity: low
#   subject: resource
#   reads:
#     - name
#     - type
#     - coverage.duplicates
#   parameters: [duplicate_types]
#   spec: [S191]
#   frameworks: {}
#   remediation: Leave the resource to one of the two plans.
package backstop.coverage.protected_twice

applies if input.type in input.params.duplicate_types

violations contains {"message": message, "at": "coverage.duplicates", "for": pair} if {
	some duplicate in input.coverage.duplicates
	pair := sprintf("%s/%s %s/%s", [duplicate.plan, duplicate.rule, duplicate.other_plan, duplicate.other_rule])
	message := sprintf("Rule '%s' of plan '%s' and rule '%s' of plan '%s' back up '%s' on the same schedule into the same vault.", [duplicate.rule, duplicate.plan, duplicate.other_rule, duplicate.other_plan, input.name])
}
