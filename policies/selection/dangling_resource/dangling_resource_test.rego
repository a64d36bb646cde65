package backstop.selection.dangling_resource_test

import data.backstop.selection.dangling_resource

input_of(reach) := {"name": "by-tag", "plan": "nightly", "reach": reach}


test_fails_for_each if {
	violations := dangling_resource.violations with input as input_of({"dangling": ["arn:aws:dynamodb:us-east-1:111122223333:table/gone"]})
	violations == {{
		"message": "Selection 'by-tag' of plan 'nightly' names 'arn:aws:dynamodb:us-east-1:111122223333:table/gone', which does not exist in the account and Region.",
		"at": "reach.dangling",
		"for": "arn:aws:dynamodb:us-east-1:111122223333:table/gone",
	}}
}

test_passes_without_any if {
	count(dangling_resource.violations) == 0 with input as input_of({"dangling": []})
}
