package backstop.tag.plan_required_missing_test

import data.backstop.tag.plan_required_missing

plan(tags, required) := {"name": "main", "tags": tags, "params": {"required_tags": required}}

test_fails_for_each_tag_that_is_not_there if {
	violations := plan_required_missing.violations with input as plan({"Owner": "data"}, ["Environment", "Owner", "Project"])
	violations == {
		{"message": "Plan 'main' does not carry the tag 'Environment', which is required.", "at": "tags", "for": "Environment"},
		{"message": "Plan 'main' does not carry the tag 'Project', which is required.", "at": "tags", "for": "Project"},
	}
}

test_keys_are_compared_with_their_case if {
	count(plan_required_missing.violations) == 1 with input as plan({"owner": "data"}, ["Owner"])
}

test_passes_where_all_are_there_whatever_they_say if {
	count(plan_required_missing.violations) == 0 with input as plan({"Owner": "", "Project": "x", "More": "y"}, ["Owner", "Project"])
}

test_applies_where_tags_are_required if {
	plan_required_missing.applies with input as plan({}, ["Owner"])
	not plan_required_missing.applies with input as plan({}, [])
}
