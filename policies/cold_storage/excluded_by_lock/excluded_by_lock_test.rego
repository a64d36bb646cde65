package backstop.cold_storage.excluded_by_lock_test

import data.backstop.cold_storage.excluded_by_lock

rule(transition, maximum) := {
	"name": "daily",
	"lifecycle": {"move_to_cold_storage_after_days": transition},
	"target_vault": {"name": "main", "lock": {"max_retention_days": maximum}},
	"params": {"require_cold_storage": false, "cold_storage_after_days": 30},
}

requiring(transition, maximum) := object.union(rule(transition, maximum), {"params": {"require_cold_storage": true}})

test_fails_one_day_short if {
	violations := excluded_by_lock.violations with input as rule(40, 129)
	violations == {{
		"message": "Points of rule 'daily' that are to move to cold storage on day 40 must be kept for 130 days, and the lock of vault 'main' allows at most 129: no retention satisfies both.",
		"at": "target_vault.lock.max_retention_days",
	}}
}

test_passes_where_the_maximum_leaves_90_days_and_more if {
	every maximum in [130, 131] {
		count(excluded_by_lock.violations) == 0 with input as rule(40, maximum)
	}
}

test_passes_without_a_maximum if {
	count(excluded_by_lock.violations) == 0 with input as rule(40, null)
}

test_takes_the_required_transition_where_the_rule_has_none if {
	count(excluded_by_lock.violations) == 1 with input as requiring(null, 119)
	count(excluded_by_lock.violations) == 0 with input as requiring(null, 120)
}

test_takes_the_transition_of_the_rule_before_the_required_one if {
	count(excluded_by_lock.violations) == 1 with input as requiring(40, 129)
	count(excluded_by_lock.violations) == 0 with input as requiring(10, 100)
}

test_applies_where_points_move_or_must if {
	excluded_by_lock.applies with input as rule(40, null)
	excluded_by_lock.applies with input as requiring(null, null)
	not excluded_by_lock.applies with input as rule(null, 60)
}
