# METADATA
# title: Selection by a fixed list of resources
# description: >-
#   All that the selection names is single resources by their ARNs. What is created later is not backed up until
#   somebody remembers to add it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
# custom:
#   severity: medium
#   subject: selection
#   reads:
#     - name
#     - plan
#     - reach.is_fixed_list
#   spec: [S68, S72]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#     nis2: {4.2.1: supports}
#   remediation: Select by type and tags.
package backstop.selection.not_dynamic

violations contains {"message": message, "at": "reach.is_fixed_list"} if {
	input.reach.is_fixed_list
	message := sprintf("Selection '%s' of plan '%s' names single resources only: what is created later is not backed up by it.", [input.name, input.plan])
}
