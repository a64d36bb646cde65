package backstop.retention.never_expires_test

import data.backstop.retention.never_expires

rule(kept, allowed) := {
	"name": "daily",
	"lifecycle": {"delete_after_days": kept},
	"params": {"allow_unlimited": allowed},
}

test_fails_without_a_day_of_deletion if {
	violations := never_expires.violations with input as rule(null, [])
	violations == {{"message": "Rule 'daily' keeps its points for ever: nothing deletes them.", "at": "lifecycle.delete_after_days"}}
}

test_passes_with_any_day_of_deletion if {
	every kept in [1, 36500] {
		count(never_expires.violations) == 0 with input as rule(kept, [])
	}
}

test_applies_unless_the_rule_is_on_the_list if {
	never_expires.applies with input as rule(null, [])
	never_expires.applies with input as rule(null, ["yearly"])
	not never_expires.applies with input as rule(null, ["yearly", "daily"])
}
