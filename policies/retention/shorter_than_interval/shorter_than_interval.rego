# METADATA
# title: Recovery points expire before the next run
# description: >-
#   The rule's recovery points are deleted before its schedule makes the next one. Between the two the rule has nothing
#   to restore from.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
# custom:
#   severity: medium
#   subject: plan_rule
#   reads: [name, schedule.largest_gap_hours, lifecycle.delete_after_days]
#   spec: [S44, S45, S47]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes, SI-12: precedes}
#     iso-27001-2022: {A.8.13: precedes}
#     soc-2: {A1.2: precedes}
#   blocks: [here]
#   remediation: Keep points for longer than the longest wait between two runs, or run the rule more often.
package backstop.retention.shorter_than_interval

import data.backstop.lib.days

applies if is_number(input.schedule.largest_gap_hours)

violations contains {"message": message, "at": "lifecycle.delete_after_days"} if {
	kept := input.lifecycle.delete_after_days
	is_number(kept)
	kept * 24 < input.schedule.largest_gap_hours
	message := sprintf("Rule '%s' keeps points %s, and up to %d hours pass between two of its runs: in between there is no point at all.", [input.name, days.kept(kept), input.schedule.largest_gap_hours])
}
