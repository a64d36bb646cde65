package backstop.job.failed_unlisted_test

import data.backstop.job.failed_unlisted

gone := {"words": "the resource is no longer there", "rules": [], "read_on": "2026-11-22"}

failure(cause, message, days_ago) := {"job": "backup", "end": "failed", "cause": cause, "message": message, "days_ago": days_ago}

resource(name, failures) := {"arn": sprintf("arn:%s", [name]), "name": name, "region": "us-east-1", "failures": failures}

account(resources) := {"unlisted_resources": resources, "params": {"job_history_days": 7}}

test_tells_the_resource_and_what_failed if {
	failures := [failure(gone, "Table not found.", [2]), failure(null, null, [6])]
	failed_unlisted.violations == {{
		"message": "1 backup job of 'old' failed within 7 days, the latest 2 days ago: the resource is no longer there (by AWS's list of messages of 2026-11-22). AWS says: 'Table not found'. 1 backup job of 'old' failed within 7 days, the latest 6 days ago. No list of resources in 'us-east-1' shows it: it never had a tag, or it is no longer there.",
		"at": "unlisted_resources.failures",
		"for": "arn:old",
	}} with input as account([resource("old", failures)])
}

test_tells_each_resource_that_failed_lately if {
	resources := [resource("a", [failure(null, null, [6])]), resource("b", [failure(null, null, [7])]), resource("c", [failure(null, null, [0, 9])])]
	violations := failed_unlisted.violations with input as account(resources)
	{violation["for"] | some violation in violations} == {"arn:a", "arn:c"}
}

test_passes_without_such_resources if {
	count(failed_unlisted.violations) == 0 with input as account([])
}
