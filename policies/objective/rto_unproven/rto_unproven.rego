# METADATA
# title: Recovery time is not proven
# description: >-
#   AWS Backup lists no completed restore of the resource within the period, or none whose result was validated, or one of
#   them took longer than the recovery time objective. What was never restored takes as long as it takes.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-validation.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreJobsListMember.html
# custom:
#   severity: medium
#   subject: resource
#   reads:
#     - recovery.promised
#     - recovery.tests.type_can_be_tested
#     - recovery.restores.last_restored_days_ago
#     - recovery.restores.last_validated_days_ago
#     - recovery.restores.slowest.days_ago
#     - recovery.restores.slowest.minutes
#   parameters: [rto_hours, restore_test_days]
#   spec: [S152, S153, S161, S208]
#   frameworks:
#     nist-800-53-r5: {CP-4: supports, CP-9(1): supports, CP-10: supports}
#     iso-27001-2022: {A.5.30: supports, A.8.13: supports}
#     soc-2: {A1.3: supports}
#     hipaa: {164.308(a)(7)(ii)(B): supports}
#     dora: {12(2): supports, 12(6): supports}
#     nis2: {4.2.2 a: supports, 4.2.6: supports}
#   remediation: Let a restore testing plan restore the resource, validate what comes out, and measure how long it took.
package backstop.objective.rto_unproven

applies if input.recovery.promised

violations contains {"message": message, "at": "recovery.restores.last_restored_days_ago"} if {
	not within_period(input.recovery.restores.last_restored_days_ago)
	message := sprintf("No restore of it that was completed within %d days is listed%s.", [input.params.restore_test_days, newest(input.recovery.restores.last_restored_days_ago)])
}

# Only what a restore testing plan restored can be validated.
violations contains {"message": message, "at": "recovery.restores.last_validated_days_ago"} if {
	within_period(input.recovery.restores.last_restored_days_ago)
	input.recovery.tests.type_can_be_tested
	not within_period(input.recovery.restores.last_validated_days_ago)
	message := sprintf("It was restored, and no restore whose result was validated within %d days is listed%s.", [input.params.restore_test_days, newest(input.recovery.restores.last_validated_days_ago)])
}

violations contains {"message": message, "at": "recovery.restores.slowest.minutes"} if {
	measured := [restore.minutes | some restore in input.recovery.restores.slowest; within_period(restore.days_ago)]
	count(measured) > 0
	max(measured) > input.params.rto_hours * 60
	message := sprintf("A restore of it within %d days took %d minutes; at most %d hours are wanted.", [input.params.restore_test_days, max(measured), input.params.rto_hours])
}

within_period(days) if {
	is_number(days)
	days <= input.params.restore_test_days
}

newest(days) := "" if days == null

newest(days) := sprintf("; the newest ended %d days ago", [days]) if is_number(days)
