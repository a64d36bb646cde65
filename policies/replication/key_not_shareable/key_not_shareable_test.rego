package backstop.replication.key_not_shareable_test

import data.backstop.replication.key_not_shareable

selected(name, is_fully_managed, owners) := {
	"type": name,
	"is_fully_managed": is_fully_managed,
	"source_key_owners": owners,
	"read_on": "2026-11-22",
}

rule(types) := {"name": "daily", "copies": [{"cross_account": false}, {"cross_account": true}], "selected_types": types}

test_fails_where_points_lie_under_a_key_that_aws_manages if {
	violations := key_not_shareable.violations with input as rule([selected("RDS", false, ["aws_managed", "customer"])])
	violations == {{
		"message": "Rule 'daily' copies to another account, and there are 'RDS' points under keys that cannot be shared with it ('aws_managed'); such points keep their resource's key, as of '2026-11-22': their copies fail.",
		"at": "selected_types.source_key_owners",
		"for": "RDS",
	}}
}

test_passes_where_every_key_is_the_customers if {
	count(key_not_shareable.violations) == 0 with input as rule([selected("RDS", false, ["customer"])])
}

test_passes_where_points_are_not_encrypted if {
	every owners in [["none"], []] {
		count(key_not_shareable.violations) == 0 with input as rule([selected("RDS", false, owners)])
	}
}

test_passes_where_points_take_the_key_of_the_vault if {
	count(key_not_shareable.violations) == 0 with input as rule([selected("EFS", true, ["aws_managed"])])
}

test_tells_each_type if {
	types := [selected("EBS", false, ["aws_owned"]), selected("EFS", true, ["aws_owned"]), selected("RDS", false, ["aws_managed"])]
	{"EBS", "RDS"} == {violation["for"] | some violation in key_not_shareable.violations} with input as rule(types)
}

test_applies_where_a_copy_leaves_the_account if {
	key_not_shareable.applies with input as rule([])
	not key_not_shareable.applies with input as object.union(rule([]), {"copies": [{"cross_account": false}]})
	not key_not_shareable.applies with input as object.union(rule([]), {"copies": []})
}
