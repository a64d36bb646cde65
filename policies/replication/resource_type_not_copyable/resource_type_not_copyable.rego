# METADATA
# title: Selected resource type cannot be copied
# description: >-
#   The plan selects resources of a type whose recovery points AWS Backup cannot copy the way the rule asks for. Their
#   points are made and never leave the place where they were made.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html
# custom:
#   severity: high
#   subject: plan_rule
#   reads:
#     - name
#     - copies.cross_region
#     - copies.cross_account
#     - selected_types.type
#     - selected_types.can_copy_to_region
#     - selected_types.can_copy_to_account
#     - selected_types.read_on
#   spec: [S39, S41, S119]
#   frameworks:
#     nist-800-53-r5: {CP-6: precedes, CP-9(5): precedes}
#     iso-27001-2022: {A.8.13: precedes, A.8.14: precedes}
#     soc-2: {A1.2: precedes}
#     nis2: {4.2.2 c: precedes}
#   blocks: [another_region, another_account]
#   remediation: Make the type copyable, as advanced features do for DynamoDB, or replicate its data by its own means.
package backstop.replication.resource_type_not_copyable

# Where the rule's copies go, seen from their source.
ways contains "Region" if {
	some copy in input.copies
	copy.cross_region
}

ways contains "account" if {
	some copy in input.copies
	copy.cross_account
}

ways contains "vault" if {
	some copy in input.copies
	not copy.cross_region
	not copy.cross_account
}

applies if count(ways) > 0

violations contains {"message": message("Region", selected.type, selected.read_on), "at": "copies.cross_region", "for": selected.type} if {
	"Region" in ways
	some selected in input.selected_types
	not selected.can_copy_to_region
}

violations contains {"message": message("account", selected.type, selected.read_on), "at": "copies.cross_account", "for": selected.type} if {
	"account" in ways
	some selected in input.selected_types
	not selected.can_copy_to_account
}

# What can be copied neither to another Region nor to another account cannot be copied at all.
violations contains {"message": message("vault", selected.type, selected.read_on), "at": "copies", "for": selected.type} if {
	"vault" in ways
	some selected in input.selected_types
	not selected.can_copy_to_region
	not selected.can_copy_to_account
}

message(way, type, read_on) := sprintf("Rule '%s' copies to another %s, and AWS Backup cannot copy '%s' points there, as of '%s'.", [input.name, way, type, read_on])
