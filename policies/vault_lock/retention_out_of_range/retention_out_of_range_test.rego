package backstop.vault_lock.retention_out_of_range_test

import data.backstop.vault_lock.retention_out_of_range as rule

bounds := {"min_retention_days": 7, "max_retention_days": 60}

unbounded := {"min_retention_days": null, "max_retention_days": null}

plan_rule(days) := {
	"name": "weekly",
	"lifecycle": {"delete_after_days": days},
	"target_vault": {"name": "main", "lock": bounds},
	"copies": [],
}

destination(name) := {"name": name, "arn": sprintf("arn:%s", [name]), "lock": bounds}

copy(name, days) := {"destination": destination(name), "lifecycle": {"delete_after_days": days}}

copying(copies) := object.union(plan_rule(30), {"copies": copies})

unlocked(days) := object.union(plan_rule(days), {"target_vault": {"lock": unbounded}})

test_passes_from_the_minimum_to_the_maximum if {
	every days in [7, 8, 59, 60] {
		count(rule.violations) == 0 with input as plan_rule(days)
	}
}

test_fails_below_the_minimum if {
	rule.violations == {{
		"message": "Rule 'weekly' keeps points for 6 days, less than the minimum of 7 that the lock of vault 'main' allows: every job fails.",
		"at": "lifecycle.delete_after_days",
	}} with input as plan_rule(6)
}

test_fails_above_the_maximum if {
	rule.violations == {{
		"message": "Rule 'weekly' keeps points for 61 days, more than the maximum of 60 that the lock of vault 'main' allows: every job fails.",
		"at": "lifecycle.delete_after_days",
	}} with input as plan_rule(61)
}

test_fails_for_ever_under_a_maximum if {
	rule.violations == {{
		"message": "Rule 'weekly' keeps points for ever, more than the maximum of 60 that the lock of vault 'main' allows: every job fails.",
		"at": "lifecycle.delete_after_days",
	}} with input as plan_rule(null)
}

test_passes_without_bounds if {
	every days in [1, 36500, null] {
		count(rule.violations) == 0 with input as unlocked(days)
	}
}

test_passes_with_copies_in_range if {
	count(rule.violations) == 0 with input as copying([copy("one", 7), copy("two", 60)])
}

test_every_copy_out_of_range_is_told_by_itself if {
	rule.violations == {
		{
			"message": "Rule 'weekly' keeps copies for 6 days, less than the minimum of 7 that the lock of vault 'one' allows: every copy fails.",
			"at": "copies.lifecycle.delete_after_days",
			"for": "arn:one",
		},
		{
			"message": "Rule 'weekly' keeps copies for ever, more than the maximum of 60 that the lock of vault 'two' allows: every copy fails.",
			"at": "copies.lifecycle.delete_after_days",
			"for": "arn:two",
		},
	} with input as copying([copy("one", 6), copy("two", null), copy("three", 30)])
}

test_a_rule_and_its_copy_fail_each_for_itself if {
	count(rule.violations) == 2 with input as object.union(plan_rule(61), {"copies": [copy("one", 61)]})
}
