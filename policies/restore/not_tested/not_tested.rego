# METADATA
# title: No restore testing plan covers it
# description: >-
#   AWS Backup can restore resources of this type regularly to see whether it works, and no restore testing plan takes
#   recovery points of this one. That its backups are useless would be found out in the disaster.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingSelectionForCreate.html
# custom:
#   severity: medium
#   subject: resource
#   reads:
#     - recovery.promised
#     - recovery.tests.type_can_be_tested
#     - recovery.tests.types_read_on
#     - recovery.tests.is_covered
#   spec: [S153, S154, S161]
#   frameworks:
#     nist-800-53-r5: {CP-4: precedes, CP-9(1): precedes}
#     iso-27001-2022: {A.8.13: precedes}
#     soc-2: {A1.3: precedes}
#     hipaa: {164.308(a)(7)(ii)(B): precedes}
#     dora: {12(2): precedes}
#     nis2: {4.2.6: precedes}
#   remediation: Add a selection to a restore testing plan that takes the resource, by its type, its ARN or its tags.
package backstop.restore.not_tested

applies if {
	input.recovery.promised
	input.recovery.tests.type_can_be_tested
}

violations contains {"message": message, "at": "recovery.tests.is_covered"} if {
	not input.recovery.tests.is_covered
	message := sprintf("No restore testing plan takes recovery points of it, which its type allows (as AWS documented on %s).", [input.recovery.tests.types_read_on])
}
