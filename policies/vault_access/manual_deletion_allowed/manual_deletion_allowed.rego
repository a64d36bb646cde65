# METADATA
# title: Recovery points can be deleted by hand
# description: >-
#   The Deny statements of the vault's access policy, taken together, do not stop everybody but a few named roles from
#   deleting recovery points, shortening their retention, or taking away what prevents it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
#   - ref: https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html
#   - ref: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
# custom:
#   severity: high
#   subject: vault
#   reads:
#     - name
#     - in_use
#     - lock.mode
#     - access.denials
#   parameters: [exempt_roles]
#   spec: [S112, S173]
#   frameworks:
#     nist-800-53-r5: {CP-9(8): supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     dora: {12(2): supports}
#     nis2: {4.2.2 d: supports}
#   remediation: Deny these actions to everybody but a few named roles, on every resource, in the vault's access policy.
package backstop.vault_access.manual_deletion_allowed

import data.backstop.lib.text

# More than this many are no exception any more; AWS Backup Audit Manager takes no more either.
most_exempt := 5

applies if input.in_use

# Nobody can take away an immutable lock, and where there is none there is nothing to take away.
is_demanded(action) if not contains(action, "LockConfiguration")

is_demanded(action) if {
	contains(action, "LockConfiguration")
	input.lock.mode in ["governance", "compliance_grace"]
}

denials := [denial | some denial in input.access.denials; is_demanded(denial.action)]

not_denied := [denial.action |
	some denial in denials
	not denial.denied
	count(denial.left_out) == 0
]

violations contains {"message": message, "at": "access.denials.denied"} if {
	count(not_denied) > 0
	message := sprintf("Vault '%s' has no access policy that stops everybody from %s.", [input.name, text.quoted(not_denied)])
}

violations contains {"message": message, "at": "access.denials.left_out", "for": denial.action} if {
	some denial in denials
	not denial.denied
	count(denial.left_out) > 0
	message := sprintf("The access policy of vault '%s' denies '%s' for some recovery points and leaves out %s.", [input.name, denial.action, text.quoted(denial.left_out)])
}

exempt := {name | some denial in denials; some name in denial.exempt}

violations contains {"message": message, "at": "access.denials.exempt"} if {
	not_allowed := [name | some name in exempt; not name in input.params.exempt_roles]
	count(not_allowed) > 0
	message := sprintf("The access policy of vault '%s' spares %s, which 'exempt_roles' does not name.", [input.name, text.quoted(not_allowed)])
}

violations contains {"message": message, "at": "access.denials.exempt", "for": "number"} if {
	count(exempt) > most_exempt
	message := sprintf("The access policy of vault '%s' spares %d principals, and no more than %d should be able to destroy backups.", [input.name, count(exempt), most_exempt])
}
