# METADATA
# title: Selection names a type that is not supported
# description: >-
#   An entry of the selection names resources of a type that AWS Backup does not support in the Region, such as ECS
#   clusters. They are never backed up, and nothing says so.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_GetSupportedResourceTypes.html
# custom:
#   severity: high
#   subject: selection
#   reads:
#     - name
#     - plan
#     - reach.unsupported
#   spec: [S74, S76]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#     nis2: {4.2.1: supports}
#   blocks: [here, another_region, another_account]
#   remediation: Back up what the unsupported resource keeps its data in, and take the entry out.
package backstop.selection.unsupported_type

violations contains {"message": message, "at": "reach.unsupported", "for": one.entry} if {
	some one in input.reach.unsupported
	message := sprintf("Selection '%s' of plan '%s' names '%s', and AWS Backup does not support '%s' in the Region, as of '%s': nothing of it is backed up.", [input.name, input.plan, one.entry, one.what, one.read_on])
}
