# METADATA
# title: Copy to another account under a key that cannot be shared
# description: >-
#   The rule copies to another account, and recovery points of a selected type are encrypted with their resource's own
#   key, which AWS manages. Such a key cannot be shared with the destination account: the copies fail.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
# custom:
#   severity: high
#   subject: plan_rule
#   reads:
#     - name
#     - copies.cross_account
#     - selected_types.type
#     - selected_types.is_fully_managed
#     - selected_types.source_key_owners
#     - selected_types.read_on
#   spec: [S40, S168, S174]
#   frameworks:
#     nist-800-53-r5: {CP-6: precedes, CP-9(3): precedes}
#     iso-27001-2022: {A.8.14: precedes}
#     soc-2: {A1.2: precedes}
#     nis2: {4.2.2 c: precedes}
#   blocks: [another_account]
#   remediation: Encrypt the resources with a customer managed key, and share it with the destination account.
package backstop.replication.key_not_shareable

import data.backstop.lib.text

applies if {
	some copy in input.copies
	copy.cross_account
}

violations contains {"message": message, "at": "selected_types.source_key_owners", "for": selected.type} if {
	some selected in input.selected_types
	not selected.is_fully_managed
	owners := {owner |
		some owner in selected.source_key_owners
		owner in {"aws_managed", "aws_owned"}
	}
	count(owners) > 0
	message := sprintf("Rule '%s' copies to another account, and there are '%s' points under keys that cannot be shared with it (%s); such points keep their resource's key, as of '%s': their copies fail.", [input.name, selected.type, text.quoted(owners), selected.read_on])
}
