# METADATA
# title: Copy destination cannot take copies
# description: >-
#   A copy action names a vault that does not exist, that is not available, or that AWS Backup accepts no copies from
#   other accounts in. Every copy job to it fails, while the backup jobs themselves succeed.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CopyAction.html
# custom:
#   severity: critical
#   subject: plan_rule
#   reads:
#     - name
#     - copies.cross_account
#     - copies.destination.arn
#     - copies.destination.name
#     - copies.destination.exists
#     - copies.destination.state
#   spec: [S17, S40, S119]
#   frameworks:
#     nist-800-53-r5: {CP-6: precedes, CP-9(5): precedes}
#     iso-27001-2022: {A.8.13: precedes, A.8.14: precedes}
#     soc-2: {A1.2: precedes}
#     nis2: {4.2.2 c: precedes}
#   blocks: [another_region, another_account]
#   remediation: Create the destination vault, or name one that exists and is not the default vault of another account.
package backstop.replication.destination_missing

applies if {
	some copy in input.copies
	is_string(copy.destination.arn)
}

violations contains {"message": message, "at": "copies.destination.exists", "for": copy.destination.arn} if {
	some copy in input.copies
	copy.destination.exists == false
	message := sprintf("Rule '%s' copies to '%s', and there is no such vault: every copy fails.", [input.name, copy.destination.arn])
}

violations contains {"message": message, "at": "copies.destination.state", "for": copy.destination.arn} if {
	some copy in input.copies
	copy.destination.exists
	state := copy.destination.state
	not state in {null, "AVAILABLE"}
	message := sprintf("Rule '%s' copies to vault '%s', whose state is '%s': every copy fails.", [input.name, copy.destination.name, state])
}

violations contains {"message": message, "at": "copies.destination.name", "for": copy.destination.arn} if {
	some copy in input.copies
	copy.cross_account
	copy.destination.name == "Default"
	message := sprintf("Rule '%s' copies to '%s', the default vault of another account, which takes no copies from outside: every copy fails.", [input.name, copy.destination.arn])
}
