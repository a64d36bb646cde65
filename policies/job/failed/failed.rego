# METADATA
# title: A backup or copy job has failed
# description: >-
#   A backup or copy job of the resource failed, expired, was aborted or completed with issues within the days that are
#   looked back on. There is no point of that run, or not a whole one.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListBackupJobs.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-dashboards.html
# custom:
#   severity: high
#   subject: resource
#   reads:
#     - name
#     - jobs.any
#     - jobs.failures.job
#     - jobs.failures.end
#     - jobs.failures.message
#     - jobs.failures.days_ago
#     - jobs.failures.cause.id
#     - jobs.failures.cause.words
#     - jobs.failures.cause.rules
#     - jobs.failures.cause.read_on
#     - jobs.hours_since_success
#   parameters: [job_history_days]
#   spec: [S105, S133, S134, S135, S179]
#   frameworks:
#     nist-800-53-r5: {CA-7: supports, CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports, CC7.5: supports}
#     nis2: {4.2.5: supports}
#   blocks: [here, another_region, another_account]
#   remediation: Mend the cause that the job's message names, then start a backup of the resource by hand.
package backstop.job.failed

import data.backstop.lib.jobs

applies if input.jobs.any

violations contains {"message": message, "at": "jobs.failures", "for": jobs.named(failure)} if {
	some failure in input.jobs.failures
	recent := jobs.recent(failure.days_ago, input.params.job_history_days)
	count(recent) > 0
	told := jobs.told(failure, recent, input.name, input.params.job_history_days)
	message := sprintf("%s%s %s", [told, jobs.because(failure), success])
}

success := "No backup of it has ended well in the last 30 days." if input.jobs.hours_since_success == null

success := "A backup of it ended well less than an hour ago." if {
	is_number(input.jobs.hours_since_success)
	input.jobs.hours_since_success < 1
}

success := "The last backup of it that ended well did so 1 hour ago." if input.jobs.hours_since_success == 1

success := sprintf("The last backup of it that ended well did so %d hours ago.", [input.jobs.hours_since_success]) if {
	is_number(input.jobs.hours_since_success)
	input.jobs.hours_since_success > 1
}
