# METADATA
# title: Schedule is not valid or never fires
# description: >-
#   The rule's schedule is not a cron expression that AWS Backup documents, asks for more runs than one an hour, or names
#   times that never come. The rule stands in the plan and makes no backup on which anybody could rely.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html
#   - ref: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
# custom:
#   severity: high
#   subject: plan_rule
#   reads: [name, schedule.expression, schedule.fault]
#   spec: [S52, S59]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes}
#     iso-27001-2022: {A.8.13: precedes}
#     soc-2: {A1.2: precedes}
#   blocks: [here, another_region, another_account]
#   remediation: Write the schedule as AWS's cron expression of six fields, with times that come, and not more often than hourly.
package backstop.schedule.invalid

violations contains {"message": message, "at": "schedule.expression"} if {
	is_string(input.schedule.fault)
	message := sprintf("The schedule '%s' of rule '%s' %s.", [input.schedule.expression, input.name, input.schedule.fault])
}
