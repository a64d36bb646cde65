package backstop.schedule.window_differs_test

import data.backstop.schedule.window_differs as rule

windows(start, completion) := {
	"name": "daily",
	"start_window_minutes": start,
	"completion_window_minutes": completion,
	"params": {"start_window_minutes": 120, "completion_window_minutes": 300},
}

allowing(start, completion) := {"params": {"start_window_minutes": start, "completion_window_minutes": completion}}

test_passes_from_what_aws_asks_for_to_what_is_allowed if {
	every start in [60, 61, 119, 120] {
		count(rule.violations) == 0 with input as windows(start, 300)
	}
	count(rule.violations) == 0 with input as windows(60, 1)
}

test_fails_above_what_is_allowed if {
	violations := rule.violations with input as windows(121, 301)
	violations == {
		{"message": "Rule 'daily' lets its backups start within 121 minutes, and 120 are allowed.", "at": "start_window_minutes"},
		{"message": "Rule 'daily' lets its backups run for 301 minutes, and 300 are allowed.", "at": "completion_window_minutes"},
	}
}

test_fails_below_what_aws_asks_for if {
	violations := rule.violations with input as windows(59, 300)
	violations == {{
		"message": "Rule 'daily' lets its backups start within 59 minutes only, and AWS Backup asks for 60 at least.",
		"at": "start_window_minutes",
	}}
}

test_absent_windows_are_aws_s_own if {
	violations := rule.violations with input as windows(null, null)
	violations == {
		{
			"message": "Rule 'daily' sets no start window: AWS Backup lets its backups start within 480 minutes, and 120 are allowed.",
			"at": "start_window_minutes",
		},
		{
			"message": "Rule 'daily' sets no completion window: AWS Backup lets its backups run for 10080 minutes, and 300 are allowed.",
			"at": "completion_window_minutes",
		},
	}
}

test_absent_windows_pass_where_as_much_is_allowed if {
	count(rule.violations) == 0 with input as object.union(windows(null, null), allowing(480, 10080))
	count(rule.violations) == 2 with input as object.union(windows(null, null), allowing(479, 10079))
}
