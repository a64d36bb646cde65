package backstop.job.never_ran_test

import data.backstop.job.never_ran

resource(due) := {"name": "orders", "jobs": {"due": due}}

due(ran) := {"plan": "main", "rule": "daily", "hours_ago": 4, "ran": ran}

test_fails_where_no_job_followed_the_run if {
	never_ran.applies with input as resource(due(false))
	never_ran.violations == {{
		"message": "Rule 'daily' of plan 'main' was to back up 'orders' 4 hours ago, and no backup job of the plans that select it has begun since.",
		"at": "jobs.due.ran",
	}} with input as resource(due(false))
}

test_passes_where_a_job_began if {
	never_ran.applies with input as resource(due(true))
	count(never_ran.violations) == 0 with input as resource(due(true))
}

test_does_not_apply_where_nothing_was_due if {
	not never_ran.applies with input as resource(null)
}
