# METADATA
# title: Selection names another account or Region
# description: >-
#   An entry of the selection names resources in another account, Region or partition. A plan acts in its own account
#   and Region only, so that the entry never matches anything.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
# custom:
#   severity: critical
#   subject: selection
#   reads:
#     - name
#     - plan
#     - reach.foreign
#   spec: [S68, S117]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#     nis2: {4.2.1: supports}
#   remediation: Give the other account or Region a plan of its own.
package backstop.selection.foreign_resource

violations contains {"message": message, "at": "reach.foreign", "for": one.entry} if {
	some one in input.reach.foreign
	message := sprintf("Selection '%s' of plan '%s' names '%s', whose %s '%s' is not the plan's, '%s': it never matches.", [input.name, input.plan, one.entry, one.part, one.named, one.own])
}
