# METADATA
# title: Clock changes skip or repeat a backup
# description: >-
#   The rule runs in a time zone whose clocks change, at a time that does not exist on one night of the year or comes twice on
#   another. The backup of the one night is lost, and how often it is taken in the other is not documented.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
#   - ref: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
# custom:
#   severity: low
#   subject: plan_rule
#   reads: [name, schedule.canonical, schedule.timezone, schedule.skipped_run, schedule.repeated_run]
#   spec: [S52, S59]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes}
#     iso-27001-2022: {A.8.13: precedes}
#   remediation: Run the rule in UTC, or at a time over which the clocks do not change.
package backstop.schedule.daylight_saving

# What never runs loses nothing.
applies if is_string(input.schedule.canonical)

violations contains {"message": message, "at": "schedule.timezone", "for": "skipped"} if {
	is_string(input.schedule.skipped_run)
	message := sprintf("Rule '%s' is due at %s in '%s', when the clocks go forward over that time: the backup is not taken.", [input.name, input.schedule.skipped_run, input.schedule.timezone])
}

violations contains {"message": message, "at": "schedule.timezone", "for": "repeated"} if {
	is_string(input.schedule.repeated_run)
	message := sprintf("Rule '%s' is due at %s in '%s', when the clocks go back and that time comes twice: AWS Backup does not document when the backup is taken.", [input.name, input.schedule.repeated_run, input.schedule.timezone])
}
