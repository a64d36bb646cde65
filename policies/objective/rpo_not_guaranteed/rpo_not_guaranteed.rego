# METADATA
# title: Recovery point objective is not guaranteed
# description: >-
#   Even if every run of the plan starts and completes in its windows, the newest usable point can be older than the objective
#   allows: the largest gap between two runs, the start window and the completion window come to more. For a copy, the time that
#   the copy takes is yet to come.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
# custom:
#   severity: high
#   subject: plan
#   reads:
#     - name
#     - objectives.by_type.types
#     - objectives.by_type.read_on
#     - objectives.by_type.guaranteed.rpo_hours
#     - objectives.by_type.guaranteed.gap_minutes
#     - objectives.by_type.guaranteed.start_window_minutes
#     - objectives.by_type.guaranteed.completion_window_minutes
#     - objectives.by_type.guaranteed.dominated_by
#     - objectives.copies.destination
#     - objectives.copies.name
#     - objectives.copies.before_the_copy.rpo_hours
#     - objectives.copies.before_the_copy.gap_minutes
#     - objectives.copies.before_the_copy.start_window_minutes
#     - objectives.copies.before_the_copy.completion_window_minutes
#     - objectives.copies.before_the_copy.dominated_by
#   parameters: [rpo_hours]
#   spec: [S52, S53, S54, S209]
#   frameworks:
#     nist-800-53-r5: {CP-6(2): precedes, CP-9: precedes}
#     iso-27001-2022: {A.8.13: precedes}
#     soc-2: {A1.2: precedes}
#     hipaa: {164.308(a)(7)(ii)(A): precedes}
#     dora: {12(1)(a): precedes, 12(6): precedes}
#   remediation: Run the plan more often or shorten its windows until gap and windows together keep to rpo_hours, or state the objective that the plan guarantees.
package backstop.objective.rpo_not_guaranteed

import data.backstop.lib.schedule
import data.backstop.lib.text

# A plan that selects nothing guarantees nothing to anybody.
applies if count(input.objectives.by_type) > 0

violations contains {"message": message, "at": "objectives.by_type.guaranteed.rpo_hours", "for": concat(", ", group.types)} if {
	some group in input.objectives.by_type
	bound := group.guaranteed
	bound.rpo_hours > input.params.rpo_hours
	is_number(bound.rpo_hours)
	message := sprintf("Plan '%s' guarantees %s a point of the last %d hours, and %d are allowed: %s.", [input.name, text.quoted(group.types), bound.rpo_hours, input.params.rpo_hours, made_of(bound)])
}

violations contains {"message": message, "at": "objectives.by_type.guaranteed.rpo_hours", "for": concat(", ", group.types)} if {
	some group in input.objectives.by_type
	group.guaranteed.rpo_hours == null
	message := sprintf("Plan '%s' guarantees %s no recent point: %s.", [input.name, text.quoted(group.types), unbounded(group.guaranteed.dominated_by, group.read_on)])
}

violations contains {"message": message, "at": "objectives.copies.before_the_copy.rpo_hours", "for": copy.destination} if {
	some copy in input.objectives.copies
	bound := copy.before_the_copy
	is_number(bound.rpo_hours)
	bound.rpo_hours > input.params.rpo_hours
	message := sprintf("Before they are copied to vault '%s', points of plan '%s' can be %d hours old, and %d are allowed: %s.", [copy.name, input.name, bound.rpo_hours, input.params.rpo_hours, made_of(bound)])
}

violations contains {"message": message, "at": "objectives.copies.before_the_copy.rpo_hours", "for": copy.destination} if {
	some copy in input.objectives.copies
	copy.before_the_copy.rpo_hours == null
	message := sprintf("Plan '%s' guarantees vault '%s' no recent point: %s.", [input.name, copy.name, unbounded(copy.before_the_copy.dominated_by, null)])
}

made_of(bound) := sprintf("up to %s between two runs, %s to start and %s to complete, of which %s is the largest part", [schedule.lasting(bound.gap_minutes), schedule.lasting(bound.start_window_minutes), schedule.lasting(bound.completion_window_minutes), part[bound.dominated_by]])

# The lag of continuous backup is documented in minutes, and no objective is below an hour.
part := {
	"schedule_gap": "the gap",
	"start_window": "the start window",
	"completion_window": "the completion window",
}

unbounded("no_run", _) := "none of its rules ever runs"

unbounded("schedule_ends", _) := "its schedules end"

unbounded("no_completion_window", read_on) := sprintf("AWS Backup applies no completion window to them (read on %s)", [read_on])
