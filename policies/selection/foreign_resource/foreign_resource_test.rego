package backstop.selection.foreign_resource_test

import data.backstop.selection.foreign_resource

input_of(reach) := {"name": "by-tag", "plan": "nightly", "reach": reach}


test_fails_for_each if {
	violations := foreign_resource.violations with input as input_of({"foreign": [{"entry": "arn:aws:dynamodb:us-west-2:*:table/*", "part": "Region", "named": "us-west-2", "own": "us-east-1"}]})
	violations == {{
		"message": "Selection 'by-tag' of plan 'nightly' names 'arn:aws:dynamodb:us-west-2:*:table/*', whose Region 'us-west-2' is not the plan's, 'us-east-1': it never matches.",
		"at": "reach.foreign",
		"for": "arn:aws:dynamodb:us-west-2:*:table/*",
	}}
}

test_passes_without_any if {
	count(foreign_resource.violations) == 0 with input as input_of({"foreign": []})
}
