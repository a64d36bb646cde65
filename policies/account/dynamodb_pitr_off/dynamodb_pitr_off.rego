# METADATA
# title: Point-in-time recovery of a table is off or short
# description: >-
#   The table cannot be restored to a second of one's choice, or not as far back as required. Between two backups, what was
#   written or lost since the last of them cannot be got back.
# related_resources:
#   - ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
#   - ref: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html
# custom:
#   severity: medium
#   subject: resource
#   reads: [name, type, point_in_time.enabled, point_in_time.days]
#   parameters: [require_pitr, pitr_days]
#   spec: [S10, S94, S203, S210]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#   remediation: Turn on point-in-time recovery of the table, for as many days as required.
package backstop.account.dynamodb_pitr_off

applies if {
	input.params.require_pitr
	input.type == "DynamoDB"
}

violations contains {"message": message, "at": "point_in_time.enabled"} if {
	not input.point_in_time.enabled
	message := sprintf("Point-in-time recovery of table '%s' is off; it must reach back %d days.", [input.name, input.params.pitr_days])
}

violations contains {"message": message, "at": "point_in_time.days"} if {
	input.point_in_time.enabled
	input.point_in_time.days < input.params.pitr_days
	message := sprintf("Point-in-time recovery of table '%s' reaches back %d days; it must reach back %d.", [input.name, input.point_in_time.days, input.params.pitr_days])
}
