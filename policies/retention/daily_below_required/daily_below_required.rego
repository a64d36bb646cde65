# METADATA
# title: Daily recovery points are not kept long enough
# description: >-
#   No rule of the plan both runs every day and keeps its recovery points for the days required. Data that was lost or
#   spoilt longer ago than the daily points reach can be restored from a coarser rule at best.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
# custom:
#   severity: high
#   subject: plan
#   reads: [name, rules.name, rules.schedule.runs_every_day, rules.lifecycle.delete_after_days]
#   parameters: [retention_days]
#   spec: [S34, S44, S55]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes, SI-12: supports}
#     iso-27001-2022: {A.8.13: precedes}
#     soc-2: {A1.2: precedes}
#     hipaa: {164.308(a)(7)(ii)(A): precedes}
#     nis2: {4.2.2 f: supports}
#   remediation: Let a rule of the plan run every day and keep its points for retention_days or longer.
package backstop.retention.daily_below_required

import data.backstop.lib.days

# How long each rule that runs every day keeps its points.
daily contains [rule.lifecycle.delete_after_days, rule.name] if {
	some rule in input.rules
	rule.schedule.runs_every_day
}

long_enough if {
	some [kept, _] in daily
	days.at_least(kept, input.params.retention_days)
}

violations contains {"message": message, "at": "rules"} if {
	count(daily) == 0
	message := sprintf("No rule of plan '%s' runs every day: there is no daily point to keep %s.", [input.name, days.kept(input.params.retention_days)])
}

violations contains {"message": message, "at": "rules.lifecycle.delete_after_days"} if {
	not long_enough
	[kept, rule] := max(daily)
	message := sprintf("Plan '%s' must keep daily points %s; of its rules that run every day, '%s' keeps them longest, %s.", [input.name, days.kept(input.params.retention_days), rule, days.kept(kept)])
}
