# METADATA
# title: Copies expire before their source
# description: >-
#   A copy action of the rule keeps its copies for less time than the rule keeps the points they are made from. The
#   replica is meant to follow the same retention: the older points would be lost with the primary vault.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CopyAction.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
# custom:
#   severity: medium
#   subject: plan_rule
#   reads:
#     - name
#     - lifecycle.delete_after_days
#     - copies.lifecycle.delete_after_days
#     - copies.destination.arn
#     - copies.destination.name
#   spec: [S120]
#   frameworks:
#     nist-800-53-r5: {SI-12: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     nis2: {4.2.2 f: supports}
#   remediation: Give the copy action the rule's retention, or leave its lifecycle out so that it takes the rule's.
package backstop.retention.copy_shorter_than_source

import data.backstop.lib.days

applies if {
	some copy in input.copies
	is_string(copy.destination.arn)
}

violations contains {"message": message, "at": "copies.lifecycle.delete_after_days", "for": copy.destination.arn} if {
	some copy in input.copies
	kept := copy.lifecycle.delete_after_days
	days.shorter(kept, input.lifecycle.delete_after_days)
	message := sprintf("Rule '%s' keeps its points %s, but their copies in vault '%s' only %s.", [input.name, days.kept(input.lifecycle.delete_after_days), copy.destination.name, days.kept(kept)])
}
