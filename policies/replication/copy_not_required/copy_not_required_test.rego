package backstop.replication.copy_not_required_test

import data.backstop.replication.copy_not_required

copy(name, cross_account) := {
	"cross_account": cross_account,
	"destination": {"arn": sprintf("arn:%s", [name]), "name": name, "region": "eu-west-1"},
}

rule(copies) := {
	"name": "daily",
	"copies": copies,
	"params": {"require_replication": false, "require_account_isolation": false},
}

isolating(copies) := object.union(rule(copies), {"params": {"require_account_isolation": true}})

copied_to := {violation["for"] | some violation in copy_not_required.violations}

test_fails_with_a_copy if {
	violations := copy_not_required.violations with input as rule([copy("replica", false)])
	violations == {{
		"message": "Rule 'daily' copies its points to vault 'replica' in 'eu-west-1'; this environment requires no replication.",
		"at": "copies",
		"for": "arn:replica",
	}}
}

test_tells_each_copy if {
	copied_to == {"arn:a", "arn:b"} with input as rule([copy("a", false), copy("b", true)])
}

test_passes_without_copies if {
	count(copy_not_required.violations) == 0 with input as rule([])
}

test_the_copy_in_another_account_is_required_where_isolation_is if {
	copied_to == {"arn:a"} with input as isolating([copy("a", false), copy("b", true)])
}

test_applies_where_no_replication_is_required if {
	copy_not_required.applies with input as rule([])
	not copy_not_required.applies with input as object.union(rule([]), {"params": {"require_replication": true}})
}
