# METADATA
# title: Resource that no plan selects
# description: >-
#   A resource that must be backed up is selected by no plan of its account and Region. Nothing fails and no job is
#   missed: there is simply never a recovery point. The finding names the selection that comes closest, and the step
#   at which that drops the resource.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
# custom:
#   severity: high
#   subject: resource
#   reads:
#     - name
#     - type
#     - tags
#     - coverage.exists
#     - coverage.is_restore_test
#     - coverage.is_selected
#     - coverage.closest
#   parameters: [required_types, required_resource_tags]
#   spec: [S68, S72, S77, S194]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#     nis2: {4.2.1: supports}
#   blocks: [here, another_region, another_account]
#   remediation: Give the resource the tags that the selection named in the finding asks for, or widen the selection.
package backstop.coverage.resource_unprotected

applies if input.type in input.params.required_types

violations contains {"message": message, "at": "coverage.is_selected"} if {
	input.coverage.exists
	not input.coverage.is_restore_test
	not input.coverage.is_selected
	every wanted in input.params.required_resource_tags {
		wanted in carried
	}
	message := sprintf("No plan selects '%s' ('%s'): %s", [input.name, input.type, reason])
}

# As keys, and as keys with their values.
carried contains key if some key, _ in input.tags

carried contains sprintf("%s=%s", [key, value]) if some key, value in input.tags

reason := sprintf("selection '%s' of plan '%s' comes closest. %s", [closest.selection, closest.plan, closest.sentence]) if {
	closest := input.coverage.closest
	is_object(closest)
}

reason := "no selection of its account and Region names it or one of its tags." if input.coverage.closest == null
