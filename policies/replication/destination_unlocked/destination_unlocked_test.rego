package backstop.replication.destination_unlocked_test

import data.backstop.replication.destination_unlocked

modes := ["none", "governance", "compliance_grace", "immutable"]

lock(mode, minimum) := {"mode": mode, "min_retention_days": minimum}

rule(source, destination) := {
	"name": "daily",
	"target_vault": {"name": "main", "lock": source},
	"copies": [{"destination": {"arn": "arn:replica", "name": "replica", "lock": destination}}],
	"params": {"require_lock": false},
}

requiring(source, destination) := object.union(rule(source, destination), {"params": {"require_lock": true}})

violation(at, message) := {"message": message, "at": at, "for": "arn:replica"}

test_fails_without_a_lock_where_the_source_has_one if {
	every mode in ["governance", "compliance_grace", "immutable"] {
		every input_rule in [rule(lock(mode, 7), lock("none", null)), requiring(lock(mode, 7), lock("none", null))] {
			violations := destination_unlocked.violations with input as input_rule
			violations == {violation("copies.destination.lock.mode", "Rule 'daily' copies from vault 'main', which is locked, to vault 'replica', which is not.")}
		}
	}
}

test_fails_without_a_lock_where_locks_are_required if {
	violations := destination_unlocked.violations with input as requiring(lock("none", null), lock("none", null))
	violations == {violation("copies.destination.lock.mode", "Rule 'daily' copies to vault 'replica', which is not locked; this environment requires locks.")}
}

test_passes_without_a_lock_where_the_source_has_none_either_and_none_is_required if {
	count(destination_unlocked.violations) == 0 with input as rule(lock("none", null), lock("none", null))
}

test_passes_with_a_lock_that_is_required_and_that_the_source_lacks if {
	count(destination_unlocked.violations) == 0 with input as requiring(lock("none", null), lock("governance", null))
}

test_fails_with_a_weaker_lock_than_the_source if {
	violations := destination_unlocked.violations with input as rule(lock("immutable", 7), lock("governance", 7))
	violations == {violation("copies.destination.lock.mode", "Rule 'daily' copies from vault 'main', whose lock is 'immutable', to vault 'replica', whose lock is only 'governance'.")}
}

test_the_modes_are_ranked if {
	every source_rank, source in modes {
		every destination_rank, destination in modes {
			violations := destination_unlocked.violations with input as rule(lock(source, 7), lock(destination, 7))
			count([source_rank | destination_rank < source_rank]) == count(violations)
		}
	}
}

test_fails_one_day_below_the_minimum_of_the_source if {
	violations := destination_unlocked.violations with input as rule(lock("immutable", 7), lock("immutable", 6))
	violations == {violation("copies.destination.lock.min_retention_days", "Rule 'daily' copies from vault 'main', whose lock allows no retention below 7 days, to vault 'replica', whose lock allows 6.")}
}

test_passes_at_the_minimum_of_the_source_and_above if {
	every minimum in [7, 8] {
		count(destination_unlocked.violations) == 0 with input as rule(lock("immutable", 7), lock("immutable", minimum))
	}
}

test_no_minimum_allows_a_single_day if {
	count(destination_unlocked.violations) == 1 with input as rule(lock("governance", 2), lock("governance", null))
	count(destination_unlocked.violations) == 0 with input as rule(lock("governance", 1), lock("governance", null))
	count(destination_unlocked.violations) == 0 with input as rule(lock("governance", null), lock("governance", 1))
}

test_tells_both_a_weaker_mode_and_a_shorter_minimum if {
	count(destination_unlocked.violations) == 2 with input as rule(lock("immutable", 7), lock("governance", 1))
}

test_applies_where_there_are_copies if {
	copying := rule(lock("none", null), lock("none", null))
	destination_unlocked.applies with input as copying
	not destination_unlocked.applies with input as object.union(copying, {"copies": []})
}
