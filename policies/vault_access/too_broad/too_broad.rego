# METADATA
# title: Vault is open to strangers
# description: >-
#   A statement of the vault's access policy allows something to everybody, or to another account, and no condition
#   confines it to an organization.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
# custom:
#   severity: high
#   subject: vault
#   reads: [name, access.open_to.principal, access.open_to.actions]
#   spec: [S112, S173, S174]
#   frameworks:
#     nist-800-53-r5: {CP-9(8): supports}
#     iso-27001-2022: {A.8.13: supports}
#     dora: {12(2): supports}
#   remediation: Confine the statement to the organization with 'aws:PrincipalOrgID' or 'aws:PrincipalOrgPaths'.
package backstop.vault_access.too_broad

import data.backstop.lib.text

who(principal) := "everybody" if principal == "*"

who(principal) := sprintf("'%s'", [principal]) if principal != "*"

violations contains {"message": message, "at": "access.open_to", "for": opening.principal} if {
	some opening in input.access.open_to
	actions := {action | some other in input.access.open_to; other.principal == opening.principal; some action in other.actions}
	message := sprintf("The access policy of vault '%s' allows %s %s, of whatever organization.", [input.name, who(opening.principal), text.quoted(actions)])
}
