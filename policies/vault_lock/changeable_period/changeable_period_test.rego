package backstop.vault_lock.changeable_period_test

import data.backstop.vault_lock.changeable_period as rule

vault(days) := {"name": "main", "lock": {"mode": "compliance_grace", "changeable_days": days}, "params": {"lock_changeable_days": 3}}

week(days) := object.union(vault(days), {"params": {"lock_changeable_days": 7}})

mode(name) := object.union(vault(30), {"lock": {"mode": name}})

test_passes_with_the_required_period if {
	rule.applies with input as vault(3)
	count(rule.violations) == 0 with input as vault(3)
	count(rule.violations) == 0 with input as week(7)
}

test_fails_with_a_longer_period if {
	rule.violations == {{
		"message": "The cooling-off period of the lock of vault 'main' lasts for 4 days instead of 3.",
		"at": "lock.changeable_days",
	}} with input as vault(4)
}

test_fails_with_a_shorter_period if {
	rule.violations == {{
		"message": "The cooling-off period of the lock of vault 'main' lasts for 6 days instead of 7.",
		"at": "lock.changeable_days",
	}} with input as week(6)
}

test_the_shortest_period_of_aws_is_only_too_short_for_the_requirement if {
	rule.violations == {{
		"message": "The cooling-off period of the lock of vault 'main' lasts for 3 days instead of 7.",
		"at": "lock.changeable_days",
	}} with input as week(3)
}

test_fails_with_a_period_that_aws_refuses if {
	rule.violations == {{
		"message": "The cooling-off period of the lock of vault 'main' lasts for 2 days: AWS accepts no fewer than 3.",
		"at": "lock.changeable_days",
	}} with input as week(2)
}

test_passes_where_no_period_is_set if {
	count(rule.violations) == 0 with input as vault(null)
}

test_applies_while_the_lock_can_still_be_changed if {
	rule.applies with input as mode("compliance_grace")
	not rule.applies with input as mode("immutable")
}

test_does_not_apply_to_locks_without_a_lock_date if {
	not rule.applies with input as mode("governance")
	not rule.applies with input as mode("none")
}
