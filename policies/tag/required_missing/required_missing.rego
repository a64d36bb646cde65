# METADATA
# title: Vault lacks a required tag
# description: >-
#   A tag that every backup vault must carry is not there. Whom the vault belongs to, and which environment's rules hold for it,
#   cannot be told from it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_TagResource.html
# custom:
#   severity: low
#   subject: vault
#   reads: [name, tags]
#   parameters: [required_tags]
#   spec: [S69, S70, S71]
#   remediation: Tag the vault.
package backstop.tag.required_missing

applies if count(input.params.required_tags) > 0

violations contains {"message": message, "at": "tags", "for": required} if {
	some required in input.params.required_tags
	not required in object.keys(input.tags)
	message := sprintf("Vault '%s' does not carry the tag '%s', which is required.", [input.name, required])
}
