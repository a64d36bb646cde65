package backstop.job.failed_test

import data.backstop.job.failed

cause := {
	"id": "retention-outside-lock",
	"words": "its retention lies outside of the range that the lock of the vault allows",
	"rules": ["vault-lock/retention-out-of-range"],
	"read_on": "2026-11-22",
}

refused(days_ago) := {"job": "backup", "end": "failed", "cause": cause, "message": "The retention is not within the range.", "days_ago": days_ago}

stopped(days_ago) := {"job": "copy", "end": "aborted", "cause": null, "message": null, "days_ago": days_ago}

resource(failures, hours) := {
	"name": "orders",
	"jobs": {"any": true, "failures": failures, "hours_since_success": hours},
	"params": {"job_history_days": 7},
}

test_names_the_cause_and_the_rule_to_look_at if {
	failed.applies with input as resource([refused([0])], 3)
	failed.violations == {{
		"message": "1 backup job of 'orders' failed within 7 days, the latest less than a day ago: its retention lies outside of the range that the lock of the vault allows; see what 'vault-lock/retention-out-of-range' reports (by AWS's list of messages of 2026-11-22). AWS says: 'The retention is not within the range'. The last backup of it that ended well did so 3 hours ago.",
		"at": "jobs.failures",
		"for": "backup/failed/retention-outside-lock",
	}} with input as resource([refused([0])], 3)
}

test_looks_back_on_so_many_days_and_no_more if {
	every days_ago in [[6], [0, 9], [6, 7]] {
		count(failed.violations) == 1 with input as resource([refused(days_ago)], 3)
	}
	every days_ago in [[7], [8, 29]] {
		count(failed.violations) == 0 with input as resource([refused(days_ago)], 3)
	}
}

test_each_end_and_cause_is_told_by_itself if {
	violations := failed.violations with input as resource([refused([1]), stopped([2, 3])], 1)
	{violation["for"] | some violation in violations} == {"backup/failed/retention-outside-lock", "copy/aborted"}
}

test_tells_when_a_backup_last_ended_well if {
	expected := {
		null: "1 copy job of 'orders' ended aborted within 7 days, the latest 2 days ago. No backup of it has ended well in the last 30 days.",
		0: "1 copy job of 'orders' ended aborted within 7 days, the latest 2 days ago. A backup of it ended well less than an hour ago.",
		1: "1 copy job of 'orders' ended aborted within 7 days, the latest 2 days ago. The last backup of it that ended well did so 1 hour ago.",
	}
	every hours, message in expected {
		violations := failed.violations with input as resource([stopped([2])], hours)
		{violation.message | some violation in violations} == {message}
	}
}

test_passes_where_all_jobs_ended_well if {
	count(failed.violations) == 0 with input as resource([], 3)
}

test_does_not_apply_to_a_resource_without_jobs if {
	without := {"name": "orders", "jobs": {"any": false, "failures": [], "hours_since_success": null}, "params": {"job_history_days": 7}}
	not failed.applies with input as without
}
