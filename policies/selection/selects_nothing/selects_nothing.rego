# METADATA
# title: Selection that selects nothing
# description: >-
#   No resource of the account and Region meets the selection. Its plan runs, reports no failure, and backs up nothing
#   through it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
# custom:
#   severity: high
#   subject: selection
#   reads:
#     - name
#     - plan
#     - reach.selects_something
#   spec: [S68, S72, S77]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#     nis2: {4.2.1: supports}
#   remediation: Compare the selection with the tags and types of the resources that it was written for.
package backstop.selection.selects_nothing

violations contains {"message": message, "at": "reach.selects_something"} if {
	not input.reach.selects_something
	message := sprintf("Selection '%s' of plan '%s' selects no resource of its account and Region.", [input.name, input.plan])
}
