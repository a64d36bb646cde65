package backstop.coverage.protected_twice_test

import data.backstop.coverage.protected_twice

duplicate := {"plan": "nightly", "rule": "daily", "other_plan": "gold", "other_rule": "every-day"}

params := {"duplicate_types": ["DynamoDB"]}

table(duplicates) := {"name": "orders", "type": "DynamoDB", "coverage": {"duplicates": duplicates}, "params": params}

test_fails_for_each_pair_of_rules if {
	violations := protected_twice.violations with input as table([duplicate])
	violations == {{
		"message": "Rule 'daily' of plan 'nightly' and rule 'every-day' of plan 'gold' back up 'orders' on the same schedule into the same vault.",
		"at": "coverage.duplicates",
		"for": "nightly/daily gold/every-day",
	}}
}

test_passes_where_no_two_rules_do_the_same_work if {
	count(protected_twice.violations) == 0 with input as table([])
}

test_applies_to_the_types_that_are_named if {
	protected_twice.applies with input as table([])
	not protected_twice.applies with input as object.union(table([]), {"type": "Redshift"})
}
