# METADATA
# title: Plan lacks a required tag
# description: >-
#   A tag that every backup plan must carry is not there. Whom the plan belongs to, and which environment's rules hold for it,
#   cannot be told from it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_TagResource.html
# custom:
#   severity: low
#   subject: plan
#   reads: [name, tags]
#   parameters: [required_tags]
#   spec: [S69, S70, S71]
#   remediation: Tag the plan.
package backstop.tag.plan_required_missing

applies if count(input.params.required_tags) > 0

violations contains {"message": message, "at": "tags", "for": required} if {
	some required in input.params.required_tags
	not required in object.keys(input.tags)
	message := sprintf("Plan '%s' does not carry the tag '%s', which is required.", [input.name, required])
}
