# METADATA
# title: Selection loses a type that is not opted in
# description: >-
#   Resources that the selection reaches by tag or wildcard are of a type that is not opted in in the Region. AWS
#   Backup leaves them out without a word.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
# custom:
#   severity: high
#   subject: selection
#   reads:
#     - name
#     - plan
#     - reach.opted_out
#   spec: [S68, S72]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#     nis2: {4.2.1: supports}
#   blocks: [here, another_region, another_account]
#   remediation: Opt in to the type, or name the type in the selection.
package backstop.selection.opted_out_type

violations contains {"message": message, "at": "reach.opted_out", "for": lost.type} if {
	some lost in input.reach.opted_out
	message := sprintf("Selection '%s' of plan '%s' leaves out what it reaches of '%s' (%d in number): the type is not opted in in the Region.", [input.name, input.plan, lost.type, lost.resources])
}
