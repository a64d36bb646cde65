# METADATA
# title: A scheduled run left no backup job
# description: >-
#   A plan selects the resource, the start window of its latest run is over, and no backup job of any plan that selects
#   the resource has begun since. Nothing failed, so nothing was reported.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListBackupJobs.html
# custom:
#   severity: high
#   subject: resource
#   reads: [name, jobs.due.plan, jobs.due.rule, jobs.due.hours_ago, jobs.due.ran]
#   spec: [S52, S53, S59, S179, S209]
#   frameworks:
#     nist-800-53-r5: {CA-7: supports, CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports, CC7.5: supports}
#     nis2: {4.2.5: supports}
#   blocks: [here, another_region, another_account]
#   remediation: Find out why the run did not begin, most often a type that is not opted in, and start a backup by hand.
package backstop.job.never_ran

# Null where no plan selects it, or none of their runs was due yet.
applies if is_string(input.jobs.due.plan)

violations contains {"message": message, "at": "jobs.due.ran"} if {
	not input.jobs.due.ran
	message := sprintf("Rule '%s' of plan '%s' was to back up '%s' %d hours ago, and no backup job of the plans that select it has begun since.", [input.jobs.due.rule, input.jobs.due.plan, input.name, input.jobs.due.hours_ago])
}
