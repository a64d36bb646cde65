package backstop.replication.copy_missing_test

import data.backstop.replication.copy_missing

copy(region) := {"cross_region": region != "eu-west-2", "destination": {"region": region}}

rule(copies, replica_region) := {
	"name": "daily",
	"copies": copies,
	"params": {"require_replication": true, "replica_region": replica_region},
}

test_fails_without_a_copy if {
	every replica_region in ["", "eu-west-1"] {
		violations := copy_missing.violations with input as rule([], replica_region)
		violations == {{"message": "Rule 'daily' copies its points to no other Region.", "at": "copies"}}
	}
}

test_fails_where_every_copy_stays_in_the_region if {
	count(copy_missing.violations) == 1 with input as rule([copy("eu-west-2")], "")
	count(copy_missing.violations) == 1 with input as rule([copy("eu-west-2")], "eu-west-2")
}

test_fails_where_no_copy_goes_to_the_region_that_is_set if {
	violations := copy_missing.violations with input as rule([copy("us-east-1"), copy("eu-central-1")], "eu-west-1")
	violations == {{
		"message": "Rule 'daily' copies its points to 'eu-central-1', 'us-east-1', not to the replica's Region 'eu-west-1'.",
		"at": "copies",
	}}
}

test_fails_where_the_only_copy_goes_to_a_third_region if {
	count(copy_missing.violations) == 1 with input as rule([copy("us-east-1")], "eu-west-1")
}

test_passes_with_a_copy_in_the_region_that_is_set if {
	count(copy_missing.violations) == 0 with input as rule([copy("us-east-1"), copy("eu-west-1")], "eu-west-1")
}

test_passes_with_a_copy_in_any_other_region_where_none_is_set if {
	count(copy_missing.violations) == 0 with input as rule([copy("eu-west-2"), copy("us-east-1")], "")
}

test_applies_where_replication_is_required if {
	copy_missing.applies with input as rule([], "")
	not copy_missing.applies with input as object.union(rule([], ""), {"params": {"require_replication": false}})
}
