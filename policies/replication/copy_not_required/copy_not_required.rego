# METADATA
# title: Copies that the environment does not require
# description: >-
#   The rule copies its recovery points although its environment asks for no replication. The copies cost storage and
#   transfer, and take the data to places where nobody expects it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
# custom:
#   severity: low
#   subject: plan_rule
#   reads: [name, copies.cross_account, copies.destination.arn, copies.destination.name, copies.destination.region]
#   parameters: [require_replication, require_account_isolation]
#   spec: [S39, S186]
#   frameworks: {}
#   remediation: Remove the copy action, or require replication in this environment.
package backstop.replication.copy_not_required

applies if not input.params.require_replication

violations contains {"message": message, "at": "copies", "for": copy.destination.arn} if {
	some copy in input.copies
	not isolates(copy.cross_account)
	message := sprintf("Rule '%s' copies its points to vault '%s' in '%s'; this environment requires no replication.", [input.name, copy.destination.name, copy.destination.region])
}

# Whether the environment asks for the copy after all, as the one in another account.
isolates(cross_account) if {
	input.params.require_account_isolation
	cross_account
}
