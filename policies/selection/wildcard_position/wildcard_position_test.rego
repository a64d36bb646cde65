package backstop.selection.wildcard_position_test

import data.backstop.selection.wildcard_position

input_of(reach) := {"name": "by-tag", "plan": "nightly", "reach": reach}


test_fails_for_each if {
	violations := wildcard_position.violations with input as input_of({"odd_wildcards": ["arn:aws:s3:::*-logs"]})
	violations == {{
		"message": "Selection 'by-tag' of plan 'nightly' has the entry 'arn:aws:s3:::*-logs', with a wildcard before its end: AWS's documents contradict each other on whether that matches anything.",
		"at": "reach.odd_wildcards",
		"for": "arn:aws:s3:::*-logs",
	}}
}

test_passes_without_any if {
	count(wildcard_position.violations) == 0 with input as input_of({"odd_wildcards": []})
}
