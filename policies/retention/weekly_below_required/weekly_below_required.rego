# METADATA
# title: Weekly recovery points are not kept long enough
# description: >-
#   No rule of the plan both runs at least once a week and keeps its recovery points for the multiple of the daily
#   retention that weekly points must be kept for.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
# custom:
#   severity: high
#   subject: plan
#   reads: [name, rules.name, rules.schedule.runs_every_week, rules.lifecycle.delete_after_days]
#   parameters: [retention_days, weekly_retention_factor]
#   spec: [S35, S45, S62]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes, SI-12: supports}
#     iso-27001-2022: {A.8.13: precedes}
#     soc-2: {A1.2: precedes}
#     hipaa: {164.308(a)(7)(ii)(A): precedes}
#     nis2: {4.2.2 f: supports}
#   remediation: Let a rule run every week and keep its points for weekly_retention_factor times retention_days.
package backstop.retention.weekly_below_required

import data.backstop.lib.days

required := input.params.weekly_retention_factor * input.params.retention_days

# How long each rule that runs every week, or more often, keeps its points.
weekly contains [rule.lifecycle.delete_after_days, rule.name] if {
	some rule in input.rules
	rule.schedule.runs_every_week
}

long_enough if {
	some [kept, _] in weekly
	days.at_least(kept, required)
}

violations contains {"message": message, "at": "rules"} if {
	count(weekly) == 0
	message := sprintf("No rule of plan '%s' runs every week: there is no weekly point to keep %s.", [input.name, days.kept(required)])
}

violations contains {"message": message, "at": "rules.lifecycle.delete_after_days"} if {
	not long_enough
	[kept, rule] := max(weekly)
	message := sprintf("Plan '%s' must keep weekly points %s; of its rules that run every week, '%s' keeps them longest, %s.", [input.name, days.kept(required), rule, days.kept(kept)])
}
