package backstop.selection.tags_widen_test

import data.backstop.selection.tags_widen

input_of(resources, keys) := {"name": "by-tag", "plan": "nightly", "resources": resources, "reach": {"tag_keys": keys}}


tables := ["arn:aws:dynamodb:*:*:table/*"]

test_fails_with_resources_and_tags if {
	violations := tags_widen.violations with input as input_of(tables, ["Project"])
	violations == {{
		"message": "Selection 'by-tag' of plan 'nightly' has both resources and a list of tags: it selects all of the resources, and whatever carries one of the tags.",
		"at": "resources",
	}}
}

test_fails_with_tags_of_several_keys if {
	violations := tags_widen.violations with input as input_of([], ["Environment", "Project"])
	violations == {{
		"message": "Selection 'by-tag' of plan 'nightly' lists the tags 'Environment', 'Project': one of them is enough to be selected.",
		"at": "reach.tag_keys",
	}}
}

test_passes_with_one_of_the_two if {
	count(tags_widen.violations) == 0 with input as input_of(tables, [])
	count(tags_widen.violations) == 0 with input as input_of([], ["Project"])
	count(tags_widen.violations) == 0 with input as input_of([], [])
}
