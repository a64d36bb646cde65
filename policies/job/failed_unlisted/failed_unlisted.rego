# METADATA
# title: Jobs of a resource that is not listed have failed
# description: >-
#   Backup or copy jobs failed for a resource that the list of the account's resources does not show: it never had a tag,
#   or it is no longer there. No other rule looks at it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListBackupJobs.html
# custom:
#   severity: medium
#   subject: account
#   reads:
#     - unlisted_resources.arn
#     - unlisted_resources.name
#     - unlisted_resources.region
#     - unlisted_resources.failures.job
#     - unlisted_resources.failures.end
#     - unlisted_resources.failures.message
#     - unlisted_resources.failures.days_ago
#     - unlisted_resources.failures.cause.words
#     - unlisted_resources.failures.cause.rules
#     - unlisted_resources.failures.cause.read_on
#   parameters: [job_history_days]
#   spec: [S105, S133, S134, S179]
#   frameworks:
#     nist-800-53-r5: {CA-7: supports, CP-9: supports}
#     soc-2: {A1.2: supports}
#   remediation: Tag the resource if it is still there, and mend the cause; else take it out of the plan's selection.
package backstop.job.failed_unlisted

import data.backstop.lib.jobs

# One finding for each resource, with all of its groups of jobs.
violations contains {"message": message, "at": "unlisted_resources.failures", "for": resource.arn} if {
	some resource in input.unlisted_resources
	told := [sentence |
		some failure in resource.failures
		recent := jobs.recent(failure.days_ago, input.params.job_history_days)
		count(recent) > 0
		words := jobs.told(failure, recent, resource.name, input.params.job_history_days)
		sentence := sprintf("%s%s", [words, jobs.because(failure)])
	]
	count(told) > 0
	message := sprintf("%s No list of resources in '%s' shows it: it never had a tag, or it is no longer there.", [concat(" ", told), resource.region])
}
