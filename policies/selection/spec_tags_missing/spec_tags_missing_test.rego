package backstop.selection.spec_tags_missing_test

import data.backstop.selection.spec_tags_missing

input_of(keys, wanted) := {
	"name": "by-tag",
	"plan": "nightly",
	"reach": {"required_tag_keys": keys},
	"params": {"required_condition_tags": wanted},
}

test_fails_for_each_tag_without_a_condition if {
	violations := spec_tags_missing.violations with input as input_of(["Environment"], ["Environment", "Project"])
	violations == {{
		"message": "Selection 'by-tag' of plan 'nightly' has no condition on the tag 'Project'.",
		"at": "reach.required_tag_keys",
		"for": "Project",
	}}
}

test_passes_with_all_of_them if {
	count(spec_tags_missing.violations) == 0 with input as input_of(["Environment", "Project"], ["Project", "Environment"])
	count(spec_tags_missing.violations) == 0 with input as input_of([], [])
}
