# METADATA
# title: Cross-account copies are switched off
# description: >-
#   Rules of the account copy to another account, and the organization does not allow cross-account backup. Each of
#   those copy jobs fails.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateGlobalSettings.html
# custom:
#   severity: high
#   subject: account
#   reads:
#     - name
#     - cross_account_copies.plan
#     - cross_account_copies.rule
#     - cross_account_copies.destination_account
#     - cross_account_backup_enabled
#   spec: [S101, S174]
#   frameworks:
#     nist-800-53-r5: {CP-6: precedes, CP-9(3): precedes}
#     iso-27001-2022: {A.8.13: precedes, A.8.14: precedes}
#     soc-2: {A1.2: precedes}
#     nis2: {4.2.2 c: precedes}
#   blocks: [another_account]
#   remediation: Switch cross-account backup on in the organization's management account.
package backstop.replication.cross_account_disabled

import data.backstop.lib.text

applies if count(rules) > 0

rules contains sprintf("%s/%s", [copy.plan, copy.rule]) if some copy in input.cross_account_copies

accounts contains copy.destination_account if some copy in input.cross_account_copies

violations contains {"message": message, "at": "cross_account_backup_enabled"} if {
	not enabled
	message := sprintf("Account '%s' copies to %s by the rules %s, and its organization does not allow cross-account backup: every such copy fails.", [input.name, text.quoted(accounts), text.quoted(rules)])
}

# A setting that was never made is off.
enabled if input.cross_account_backup_enabled == true
