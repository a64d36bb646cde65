# METADATA
# title: Recovery point expires too early
# description: >-
#   A recovery point's own lifecycle deletes it sooner than the rule that made it would, or sooner than any point may be
#   deleted. A change of the rule reaches new points only, and a point's lifecycle can be shortened by hand.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRecoveryPointLifecycle.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
# custom:
#   severity: high
#   subject: recovery_point
#   reads: [status, lifecycle.delete_after_days, made_by.plan, made_by.rule, made_by.delete_after_days]
#   parameters: [retention_days]
#   spec: [S44, S45, S195]
#   frameworks:
#     nist-800-53-r5: {SI-12: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#     nis2: {4.2.2 f: supports}
#   remediation: Lengthen the point's retention, and find out who shortened it.
package backstop.retention.recovery_point_below_required

import data.backstop.lib.days

# Points that can still be kept: the others are on their way in or out.
applies if input.status in {"COMPLETED", "AVAILABLE", "PARTIAL", "STOPPED"}

# Never where `made_by` is null: there is no rule to hold the point to.
shorter_than_its_rule if days.shorter(input.lifecycle.delete_after_days, input.made_by.delete_after_days)

violations contains {"message": message, "at": "lifecycle.delete_after_days"} if {
	shorter_than_its_rule
	message := sprintf("The point is kept %s; rule '%s' of plan '%s' keeps its points %s.", [days.kept(input.lifecycle.delete_after_days), input.made_by.rule, input.made_by.plan, days.kept(input.made_by.delete_after_days)])
}

violations contains {"message": message, "at": "lifecycle.delete_after_days"} if {
	not shorter_than_its_rule
	days.shorter(input.lifecycle.delete_after_days, input.params.retention_days)
	message := sprintf("The point is kept %s; every point must be kept %s.", [days.kept(input.lifecycle.delete_after_days), days.kept(input.params.retention_days)])
}
