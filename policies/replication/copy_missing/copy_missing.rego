# METADATA
# title: No copy in another Region
# description: >-
#   The environment requires recovery points to be replicated, and the rule copies them to no other Region, or not to
#   the one that is set. What disables the vault's Region disables every point in it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html
# custom:
#   severity: high
#   subject: plan_rule
#   reads: [name, copies.cross_region, copies.destination.region]
#   parameters: [require_replication, replica_region]
#   spec: [S39, S41, S117, S119]
#   frameworks:
#     nist-800-53-r5: {CP-6: precedes, CP-6(1): precedes, CP-9(5): precedes}
#     iso-27001-2022: {A.8.13: precedes, A.8.14: precedes}
#     soc-2: {A1.2: precedes}
#     nis2: {4.2.2 c: precedes}
#   blocks: [another_region]
#   remediation: Add a copy action to a vault in another Region, the replica's where one is set.
package backstop.replication.copy_missing

import data.backstop.lib.text

applies if input.params.require_replication

# The other Regions that the rule copies to.
regions contains copy.destination.region if {
	some copy in input.copies
	copy.cross_region
}

violations contains {"message": message, "at": "copies"} if {
	count(regions) == 0
	message := sprintf("Rule '%s' copies its points to no other Region.", [input.name])
}

violations contains {"message": message, "at": "copies"} if {
	count(regions) > 0
	input.params.replica_region != ""
	not input.params.replica_region in regions
	message := sprintf("Rule '%s' copies its points to %s, not to the replica's Region '%s'.", [input.name, text.quoted(regions), input.params.replica_region])
}
