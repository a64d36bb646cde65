# METADATA
# title: Newest recoverable data is too old
# description: >-
#   In one of the places where the resource's recovery points should lie, the newest that can be restored holds data that
#   is older than the recovery point objective. A disaster now would lose more than was promised.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RecoveryPointByBackupVault.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
# custom:
#   severity: high
#   subject: resource
#   reads:
#     - recovery.promised
#     - recovery.here.account
#     - recovery.here.region
#     - recovery.here.points.newest_hours
#     - recovery.elsewhere.account
#     - recovery.elsewhere.region
#     - recovery.elsewhere.points.newest_hours
#   parameters: [rpo_hours]
#   spec: [S150, S209]
#   frameworks:
#     nist-800-53-r5: {CP-6(2): supports, CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#     dora: {12(6): supports}
#   remediation: Find the failed or missing backup or copy job in the place named, mend its cause, and run it on demand.
package backstop.objective.rpo_missed

applies if input.recovery.promised

violations contains {"message": message, "at": "recovery.here.points.newest_hours", "for": where} if {
	where := place(input.recovery.here.account, input.recovery.here.region)
	message := missed(where, input.recovery.here.points.newest_hours, input.params.rpo_hours)
}

violations contains {"message": message, "at": "recovery.elsewhere.points.newest_hours", "for": where} if {
	some copies in input.recovery.elsewhere
	where := place(copies.account, copies.region)
	message := missed(where, copies.points.newest_hours, input.params.rpo_hours)
}

place(account, region) := sprintf("%s/%s", [account, region])

missed(where, hours, wanted) := message if {
	hours == null
	message := sprintf("In '%s' there is no recovery point of it that can be restored; data of at most %d hours ago is wanted there.", [where, wanted])
}

missed(where, hours, wanted) := message if {
	is_number(hours)
	hours > wanted
	message := sprintf("In '%s' the newest data that can be restored is %d hours old; at most %d are wanted.", [where, hours, wanted])
}
