# METADATA
# title: Tag that is nearly the one a selection wants
# description: >-
#   No plan selects the resource, and one would if a tag were written a little differently: in another case, without a
#   blank, or with one other letter. Somebody most likely meant to have it backed up.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ConditionParameter.html
# custom:
#   severity: medium
#   subject: resource
#   reads:
#     - name
#     - type
#     - coverage.exists
#     - coverage.near_misses
#   parameters: [required_types]
#   spec: [S71, S72, S77]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#     nis2: {4.2.1: supports}
#   blocks: [here, another_region, another_account]
#   remediation: Write the tag as the selection wants it.
package backstop.selection.tag_near_miss

applies if input.type in input.params.required_types

violations contains {"message": message, "at": "coverage.near_misses", "for": miss.tag} if {
	input.coverage.exists
	some miss in input.coverage.near_misses
	message := sprintf("No plan selects '%s': its tag '%s' is nearly '%s', which selection '%s' of plan '%s' wants.", [input.name, miss.tag, miss.wanted, miss.selection, miss.plan])
}
