package backstop.selection.unsupported_type_test

import data.backstop.selection.unsupported_type

input_of(reach) := {"name": "by-tag", "plan": "nightly", "reach": reach}


test_fails_for_each if {
	violations := unsupported_type.violations with input as input_of({"unsupported": [{"entry": "arn:aws:ecs:*:*:cluster/*", "what": "ecs", "read_on": "2026-11-22"}]})
	violations == {{
		"message": "Selection 'by-tag' of plan 'nightly' names 'arn:aws:ecs:*:*:cluster/*', and AWS Backup does not support 'ecs' in the Region, as of '2026-11-22': nothing of it is backed up.",
		"at": "reach.unsupported",
		"for": "arn:aws:ecs:*:*:cluster/*",
	}}
}

test_passes_without_any if {
	count(unsupported_type.violations) == 0 with input as input_of({"unsupported": []})
}
