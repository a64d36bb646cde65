# METADATA
# title: Recovery points are kept for ever
# description: >-
#   The rule sets no day on which its recovery points are deleted. They pile up and are paid for until somebody deletes
#   them one by one, and in a vault whose lock has become immutable nobody ever can.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
# custom:
#   severity: medium
#   subject: plan_rule
#   reads: [name, lifecycle.delete_after_days]
#   parameters: [allow_unlimited]
#   spec: [S44, S47]
#   frameworks:
#     nist-800-53-r5: {SI-12: supports}
#     iso-27001-2022: {A.8.10: precedes}
#     soc-2: {C1.2: precedes}
#     pci-dss-4.0: {3.2.1: precedes}
#   remediation: Give the rule a retention, or put its name on the list allow_unlimited.
package backstop.retention.never_expires

applies if not input.name in input.params.allow_unlimited

violations contains {"message": message, "at": "lifecycle.delete_after_days"} if {
	input.lifecycle.delete_after_days == null
	message := sprintf("Rule '%s' keeps its points for ever: nothing deletes them.", [input.name])
}
