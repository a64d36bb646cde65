package backstop.account.dynamodb_advanced_off_test

import data.backstop.account.dynamodb_advanced_off

need(rule, what) := {"plan": "main", "rule": rule, "what": what}

place(region, on, needs) := {"region": region, "advanced_features": on, "needed_by": needs}

account(places) := {"dynamodb": places}

test_fails_where_they_are_off if {
	needs := [need("weekly", ["copies", "the key of the vault"]), need("daily", ["cold storage", "copies"])]
	dynamodb_advanced_off.applies with input as account([place("us-east-1", false, needs)])
	dynamodb_advanced_off.violations == {{
		"message": "In 'us-east-1' the advanced features for DynamoDB are off, and the rules 'main/daily', 'main/weekly' need them for tables: cold storage, copies, the key of the vault.",
		"at": "dynamodb.advanced_features",
		"for": "us-east-1",
	}} with input as account([place("us-east-1", false, needs)])
}

test_tells_each_region if {
	needs := [need("daily", ["copies"])]
	places := [place("us-east-1", false, needs), place("us-west-2", true, needs), place("eu-west-1", false, needs)]
	violations := dynamodb_advanced_off.violations with input as account(places)
	{violation["for"] | some violation in violations} == {"us-east-1", "eu-west-1"}
}

test_passes_where_they_are_on if {
	count(dynamodb_advanced_off.violations) == 0 with input as account([place("us-east-1", true, [need("daily", ["copies"])])])
}

test_does_not_apply_where_nothing_needs_them if {
	not dynamodb_advanced_off.applies with input as account([])
}
