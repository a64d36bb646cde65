package backstop.trail.not_covering_test

import data.backstop.trail.not_covering as rule

account(covered, short) := {"name": "111122223333", "trails": [
	{"region": "us-east-1", "covered": covered, "short": short},
	{"region": "us-west-2", "covered": true, "short": []},
]}

told(short) := [violation.message | some violation in violations_of(account(false, short))]

violations_of(subject) := violations if {
	violations := rule.violations with input as subject
}

test_passes_where_every_region_is_covered if count(rule.violations) == 0 with input as account(true, [])

test_a_covered_region_may_have_other_trails if {
	count(rule.violations) == 0 with input as account(true, [{"trail": "old", "fault": "not_logging"}])
}

test_fails_for_each_region_that_is_not_covered if {
	rule.violations == {{
		"message": "No trail of all Regions writes down what is done to backups of account '111122223333' in 'us-east-1': there is none.",
		"at": "trails.covered",
		"for": "us-east-1",
	}} with input as account(false, [])
}

test_says_what_each_trail_lacks if {
	short := [{"trail": "a", "fault": "one_region"}, {"trail": "b", "fault": "not_logging"}, {"trail": "c", "fault": "selectors"}]
	told(short) == ["No trail of all Regions writes down what is done to backups of account '111122223333' in 'us-east-1': 'a' logs one Region only, 'b' is not logging, 'c' leaves out management events that change something, or AWS Backup's."]
}
