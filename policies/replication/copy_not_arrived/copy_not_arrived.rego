# METADATA
# title: Copy has not arrived in time
# description: >-
#   The rule that made the recovery point asks for a copy, and no completed one was at its destination within the
#   deadline. A disaster in the time before would have been answered from an older copy.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListCopyJobs.html
# custom:
#   severity: high
#   subject: recovery_point
#   reads: [copies.destination, copies.arrived, copies.hours]
#   parameters: [copy_deadline_hours]
#   spec: [S119, S150, S209]
#   frameworks:
#     nist-800-53-r5: {CP-6: supports, CP-9(5): supports}
#     iso-27001-2022: {A.8.13: supports, A.8.14: supports}
#     soc-2: {A1.2: supports}
#     nis2: {4.2.2 c: supports}
#   remediation: Read the status message of the copy job, mend its cause, and copy the point by hand.
package backstop.replication.copy_not_arrived

applies if {
	some copy in input.copies
	is_string(copy.destination)
}

violations contains {"message": message, "at": "copies.arrived", "for": copy.destination} if {
	some copy in input.copies
	not copy.arrived
	copy.hours > input.params.copy_deadline_hours
	message := sprintf("There is no copy in '%s' %d hours after the backup started; it was due within %d.", [copy.destination, copy.hours, input.params.copy_deadline_hours])
}

violations contains {"message": message, "at": "copies.hours", "for": copy.destination} if {
	some copy in input.copies
	copy.arrived
	copy.hours > input.params.copy_deadline_hours
	message := sprintf("The copy in '%s' arrived %d hours after the backup started; it was due within %d.", [copy.destination, copy.hours, input.params.copy_deadline_hours])
}
