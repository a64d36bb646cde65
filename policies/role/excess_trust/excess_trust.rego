# METADATA
# title: Others may assume the backup role
# description: >-
#   The trust policy of a role that AWS Backup works as lets somebody else assume it, too. The role may read and copy
#   everything that is backed up, and restore it elsewhere.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   severity: medium
#   subject: role
#   reads: [arn, exists, trust.others.principal, trust.others.conditions]
#   spec: [S100, S172]
#   frameworks:
#     nist-800-53-r5: {CP-9(8): supports}
#     dora: {12(2): supports}
#   remediation: Let nobody but 'backup.amazonaws.com' assume the role.
package backstop.role.excess_trust

import data.backstop.lib.text

applies if input.exists

who(principal) := "everybody" if principal == "*"

who(principal) := sprintf("'%s'", [principal]) if principal != "*"

provided(conditions) := "" if count(conditions) == 0

provided(conditions) := sprintf(", depending on %s", [text.quoted(conditions)]) if count(conditions) > 0

violations contains {"message": message, "at": "trust.others", "for": trustee.principal} if {
	some trustee in input.trust.others
	message := sprintf("The trust policy of role '%s' lets %s assume it%s.", [input.arn, who(trustee.principal), provided(trustee.conditions)])
}
