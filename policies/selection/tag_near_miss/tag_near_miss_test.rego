package backstop.selection.tag_near_miss_test

import data.backstop.selection.tag_near_miss

miss := {"plan": "nightly", "selection": "by-tag", "tag": "Environment=Prod", "wanted": "Environment=prod"}

table(exists, misses) := {
	"name": "users",
	"type": "DynamoDB",
	"coverage": {"exists": exists, "near_misses": misses},
	"params": {"required_types": ["DynamoDB"]},
}

test_fails_for_each_tag_that_is_nearly_right if {
	violations := tag_near_miss.violations with input as table(true, [miss])
	violations == {{
		"message": "No plan selects 'users': its tag 'Environment=Prod' is nearly 'Environment=prod', which selection 'by-tag' of plan 'nightly' wants.",
		"at": "coverage.near_misses",
		"for": "Environment=Prod",
	}}
}

test_passes_without_any_or_where_it_is_gone if {
	count(tag_near_miss.violations) == 0 with input as table(true, [])
	count(tag_near_miss.violations) == 0 with input as table(false, [miss])
}

test_applies_to_the_types_that_must_be_backed_up if {
	tag_near_miss.applies with input as table(true, [])
	not tag_near_miss.applies with input as object.union(table(true, []), {"type": "EBS"})
}
