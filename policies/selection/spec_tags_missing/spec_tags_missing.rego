# METADATA
# title: Selection without the tags that it must filter by
# description: >-
#   The selection does not prescribe the values of the tags that selections must filter by. It takes resources of
#   other environments or projects, into vaults and under retentions that were not made for them.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
# custom:
#   severity: medium
#   subject: selection
#   reads:
#     - name
#     - plan
#     - reach.required_tag_keys
#   parameters: [required_condition_tags]
#   spec: [S71, S72, S77]
#   frameworks: {}
#   remediation: Add a condition on each of the tags.
package backstop.selection.spec_tags_missing

violations contains {"message": message, "at": "reach.required_tag_keys", "for": key} if {
	some key in input.params.required_condition_tags
	not key in input.reach.required_tag_keys
	message := sprintf("Selection '%s' of plan '%s' has no condition on the tag '%s'.", [input.name, input.plan, key])
}
