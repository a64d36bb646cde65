# METADATA
# title: Selection with conditions only
# description: >-
#   The selection has conditions and names neither resources nor tags. AWS Backup refuses it, so that the plan is left
#   without the selection, or cannot be applied at all.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
#   - ref: https://github.com/hashicorp/terraform-provider-aws/pull/25436
# custom:
#   severity: high
#   subject: selection
#   reads:
#     - name
#     - plan
#     - reach.has_conditions_only
#   spec: [S68, S71]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#     nis2: {4.2.1: supports}
#   blocks: [here, another_region, another_account]
#   remediation: Name the resource types that the conditions filter.
package backstop.selection.conditions_only

violations contains {"message": message, "at": "reach.has_conditions_only"} if {
	input.reach.has_conditions_only
	message := sprintf("Selection '%s' of plan '%s' has conditions and neither resources nor tags, which AWS Backup refuses.", [input.name, input.plan])
}
