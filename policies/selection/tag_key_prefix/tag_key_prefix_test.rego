package backstop.selection.tag_key_prefix_test

import data.backstop.selection.tag_key_prefix

input_of(reach) := {"name": "by-tag", "plan": "nightly", "reach": reach}


clean := {"prefixed_tag_keys": [], "bare_condition_keys": []}

test_fails_with_a_prefix_in_the_list_of_tags if {
	reach := object.union(clean, {"prefixed_tag_keys": ["aws:ResourceTag/Project"]})
	violations := tag_key_prefix.violations with input as input_of(reach)
	violations == {{
		"message": "Selection 'by-tag' of plan 'nightly' lists the tag 'aws:ResourceTag/Project': ListOfTags wants the bare key, and no resource has a tag of this name.",
		"at": "reach.prefixed_tag_keys",
		"for": "aws:ResourceTag/Project",
	}}
}

test_fails_without_a_prefix_in_a_condition if {
	reach := object.union(clean, {"bare_condition_keys": ["Project"]})
	violations := tag_key_prefix.violations with input as input_of(reach)
	violations == {{
		"message": "Selection 'by-tag' of plan 'nightly' has a condition on 'Project', which should be 'aws:ResourceTag/Project'.",
		"at": "reach.bare_condition_keys",
		"for": "Project",
	}}
}

test_passes_where_all_keys_have_their_form if {
	count(tag_key_prefix.violations) == 0 with input as input_of(clean)
}
