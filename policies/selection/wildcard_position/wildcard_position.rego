# METADATA
# title: Wildcard where AWS may not support it
# description: >-
#   An entry of the selection has a wildcard before its end, other than for Region or account. The API says that such
#   wildcards are not supported; the developer guide has examples of some. What the entry matches is not certain.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
# custom:
#   severity: low
#   subject: selection
#   reads:
#     - name
#     - plan
#     - reach.odd_wildcards
#   spec: [S68]
#   frameworks: {}
#   remediation: Move the wildcard to the end of the ARN, or select by tags.
package backstop.selection.wildcard_position

violations contains {"message": message, "at": "reach.odd_wildcards", "for": entry} if {
	some entry in input.reach.odd_wildcards
	message := sprintf("Selection '%s' of plan '%s' has the entry '%s', with a wildcard before its end: AWS's documents contradict each other on whether that matches anything.", [input.name, input.plan, entry])
}
