package backstop.lib.jobs_test

import data.backstop.lib.jobs

cause(rules) := {"id": "known", "words": "something is known", "rules": rules, "read_on": "2026-11-22"}

failure := {"job": "backup", "end": "failed", "cause": null, "message": null, "days_ago": [0, 6, 7]}

test_recent_is_what_ended_less_than_so_many_days_ago if {
	jobs.recent([0, 6, 7, 8], 7) == [0, 6]
	jobs.recent([7], 7) == []
}

test_tells_how_many_and_when if {
	jobs.told(failure, [0, 6], "orders", 7) == "2 backup jobs of 'orders' failed within 7 days, the latest less than a day ago"
	jobs.told(failure, [1], "orders", 7) == "1 backup job of 'orders' failed within 7 days, the latest 1 day ago"
	jobs.told(object.union(failure, {"job": "copy"}), [2], "orders", 30) == "1 copy job of 'orders' failed within 30 days, the latest 2 days ago"
}

test_every_end_has_its_words if {
	every end in ["failed", "expired", "aborted", "partial", "issues"] {
		contains(jobs.told(object.union(failure, {"end": end}), [1], "orders", 7), jobs.ends[end])
	}
}

test_tells_the_cause_and_the_words_of_aws if {
	jobs.because(failure) == "."
	jobs.because(object.union(failure, {"message": "It broke. "})) == ". AWS says: 'It broke'."
	jobs.because(object.union(failure, {"cause": cause([])})) == ": something is known (by AWS's list of messages of 2026-11-22)."
	both := object.union(failure, {"message": "It broke", "cause": cause(["a/b", "c/d"])})
	jobs.because(both) == ": something is known; see what 'a/b' or 'c/d' reports (by AWS's list of messages of 2026-11-22). AWS says: 'It broke'."
}

test_names_a_group_for_good if {
	jobs.named(failure) == "backup/failed"
	jobs.named(object.union(failure, {"cause": cause([])})) == "backup/failed/known"
}
