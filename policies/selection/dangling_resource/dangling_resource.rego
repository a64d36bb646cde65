# METADATA
# title: Selection names a resource that does not exist
# description: >-
#   The selection names a resource by its ARN, and the account has no such resource in the Region. AWS Backup skips it
#   without a word.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
# custom:
#   severity: medium
#   subject: selection
#   reads:
#     - name
#     - plan
#     - reach.dangling
#   spec: [S68, S72]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#     nis2: {4.2.1: supports}
#   remediation: Take the ARN out, or select the resource that took its place.
package backstop.selection.dangling_resource

violations contains {"message": message, "at": "reach.dangling", "for": arn} if {
	some arn in input.reach.dangling
	message := sprintf("Selection '%s' of plan '%s' names '%s', which does not exist in the account and Region.", [input.name, input.plan, arn])
}
