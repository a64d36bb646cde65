package backstop.cold_storage.transition_missing_test

import data.backstop.cold_storage.transition_missing

rule(transition) := {
	"name": "daily",
	"lifecycle": {"move_to_cold_storage_after_days": transition},
	"params": {"require_cold_storage": true, "cold_storage_after_days": 30},
}

violation(message) := {"message": message, "at": "lifecycle.move_to_cold_storage_after_days"}

test_fails_without_a_transition if {
	violations := transition_missing.violations with input as rule(null)
	violations == {violation("Rule 'daily' never moves points to cold storage; they must move on day 30.")}
}

test_fails_a_day_late if {
	violations := transition_missing.violations with input as rule(31)
	violations == {violation("Rule 'daily' moves points to cold storage on day 31, later than day 30.")}
}

test_fails_a_day_early if {
	violations := transition_missing.violations with input as rule(29)
	violations == {violation("Rule 'daily' moves points to cold storage on day 29, earlier than day 30.")}
}

test_passes_on_the_day if {
	count(transition_missing.violations) == 0 with input as rule(30)
}

test_applies_where_cold_storage_is_required if {
	transition_missing.applies with input as rule(null)
	not transition_missing.applies with input as object.union(rule(null), {"params": {"require_cold_storage": false}})
}
