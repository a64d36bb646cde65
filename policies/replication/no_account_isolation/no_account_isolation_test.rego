package backstop.replication.no_account_isolation_test

import data.backstop.replication.no_account_isolation

inside := {"cross_account": false}

outside := {"cross_account": true}

rule(copies) := {"name": "daily", "copies": copies, "params": {"require_account_isolation": true}}

test_fails_where_every_copy_stays_in_the_account if {
	violations := no_account_isolation.violations with input as rule([inside, inside])
	violations == {{"message": "Rule 'daily' has no copy in another account.", "at": "copies"}}
}

test_fails_without_any_copy if {
	count(no_account_isolation.violations) == 1 with input as rule([])
}

test_passes_where_one_copy_leaves_the_account if {
	count(no_account_isolation.violations) == 0 with input as rule([inside, outside])
}

test_applies_where_isolation_is_required if {
	no_account_isolation.applies with input as rule([])
	not no_account_isolation.applies with input as object.union(rule([]), {"params": {"require_account_isolation": false}})
}
