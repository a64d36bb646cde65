# METADATA
# title: Last restore test failed
# description: >-
#   The newest restore that a restore testing plan asked for did not end with a completed restore whose result was
#   validated successfully.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-validation.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html
# custom:
#   severity: high
#   subject: resource
#   reads:
#     - recovery.tests.type_can_be_tested
#     - recovery.restores.last_test.plan
#     - recovery.restores.last_test.days_ago
#     - recovery.restores.last_test.status
#     - recovery.restores.last_test.status_message
#     - recovery.restores.last_test.validation_status
#     - recovery.restores.last_test.validation_message
#   spec: [S152, S153, S161]
#   frameworks:
#     nist-800-53-r5: {CP-4: supports, CP-9(1): proves, CP-9(2): supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.3: supports}
#     hipaa: {164.308(a)(7)(ii)(B): supports}
#     dora: {12(2): supports}
#     nis2: {4.2.3: supports, 4.2.6: supports}
#   remediation: Read the status message of the restore job, mend its cause, or let the validation report a result; then test again.
package backstop.restore.test_failed

applies if {
	input.recovery.tests.type_can_be_tested
	input.recovery.restores.last_test != null
}

test := sprintf("The newest restore test (plan '%s', %d days ago)", [input.recovery.restores.last_test.plan, input.recovery.restores.last_test.days_ago])

violations contains {"message": message, "at": "recovery.restores.last_test.status"} if {
	input.recovery.restores.last_test.status != "COMPLETED"
	message := sprintf("%s ended as '%s'%s.", [test, input.recovery.restores.last_test.status, because(input.recovery.restores.last_test.status_message)])
}

violations contains {"message": message, "at": "recovery.restores.last_test.validation_status"} if {
	input.recovery.restores.last_test.status == "COMPLETED"
	input.recovery.restores.last_test.validation_status == null
	message := sprintf("%s restored something, and nobody validated it.", [test])
}

violations contains {"message": message, "at": "recovery.restores.last_test.validation_status"} if {
	input.recovery.restores.last_test.status == "COMPLETED"
	input.recovery.restores.last_test.validation_status != null
	input.recovery.restores.last_test.validation_status != "SUCCESSFUL"
	message := sprintf("%s restored something, and its validation ended as '%s'%s.", [test, input.recovery.restores.last_test.validation_status, because(input.recovery.restores.last_test.validation_message)])
}

because(message) := "" if message == null

because(message) := sprintf(": '%s'", [message]) if is_string(message)
