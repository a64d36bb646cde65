# METADATA
# title: No weekly backup at the required time
# description: >-
#   No rule of the plan runs at the times of weekly_schedule. What relies on the time of the weekly backup, such as exports
#   before it, quiet hours and the checks after it, relies on something else than what happens.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
# custom:
#   severity: medium
#   subject: plan
#   reads: [name, rules.schedule.canonical]
#   parameters: [weekly_schedule]
#   spec: [S59]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes}
#     iso-27001-2022: {A.8.13: precedes}
#     soc-2: {A1.2: precedes}
#   remediation: Give a rule of the plan the schedule of weekly_schedule, or set weekly_schedule to the time that is meant.
package backstop.schedule.weekly_differs

import data.backstop.lib.schedule

violations contains {"message": message, "at": "rules.schedule.canonical"} if {
	wanted := input.params.weekly_schedule
	not schedule.runs_at(input.rules, wanted)
	message := sprintf("No rule of plan '%s' runs at '%s', the weekly schedule; its rules %s.", [input.name, wanted, schedule.told(input.rules)])
}
