# METADATA
# title: No copy in another account
# description: >-
#   The environment requires a copy outside the account, and every copy of the rule stays in it. Whoever takes the
#   account over, or closes it, has the recovery points and all their copies.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
# custom:
#   severity: medium
#   subject: plan_rule
#   reads: [name, copies.cross_account]
#   parameters: [require_account_isolation]
#   spec: [S174]
#   frameworks:
#     nist-800-53-r5: {CP-6: precedes, CP-6(1): precedes, CP-9(3): precedes}
#     iso-27001-2022: {A.8.13: precedes, A.8.14: precedes}
#     soc-2: {A1.2: precedes}
#     nis2: {4.2.2 c: precedes}
#   blocks: [another_account]
#   remediation: Add a copy action to a vault in an account that is administered apart.
package backstop.replication.no_account_isolation

applies if input.params.require_account_isolation

isolated if {
	some copy in input.copies
	copy.cross_account
}

violations contains {"message": message, "at": "copies"} if {
	not isolated
	message := sprintf("Rule '%s' has no copy in another account.", [input.name])
}
