package backstop.encryption.key_deletable_under_lock_test

import data.backstop.encryption.key_deletable_under_lock as rule

key := {"owner": "customer", "deleted_in_days": null, "deletion_denied": false}

vault := {
	"name": "main",
	"lock": {"mode": "immutable"},
	"key": key,
	"used_by": [{"delete_after_days": 30}, {"delete_after_days": 14}],
	"points": {"unlimited": 0, "longest_retention_days": 0},
}

keyed(changes) := object.union(vault, {"key": object.union(key, changes)})

empty := object.union(vault, {"used_by": []})

holding(points) := object.union(empty, {"points": points})

pending(days, points) := object.union(holding(points), {"key": object.union(key, {"deleted_in_days": days})})

test_fails_where_nothing_denies_the_deletion if {
	rule.applies with input as vault
	rule.violations == {{
		"message": "The locked vault 'main' keeps points for 30 days, and its key's policy lets the key be deleted in 7 days: none of them could be restored afterwards.",
		"at": "key.deletion_denied",
	}} with input as vault
}

test_passes_where_the_deletion_is_denied if {
	count(rule.violations) == 0 with input as keyed({"deletion_denied": true})
}

test_the_shortest_waiting_period_outlasts_points_of_seven_days if {
	every longest in [1, 6, 7] {
		count(rule.violations) == 0 with input as holding({"unlimited": 0, "longest_retention_days": longest})
	}
	count(rule.violations) == 1 with input as holding({"unlimited": 0, "longest_retention_days": 8})
}

test_fails_with_a_rule_that_keeps_points_for_ever if {
	rule.violations == {{
		"message": "The locked vault 'main' keeps points for ever, and its key's policy lets the key be deleted in 7 days: none of them could be restored afterwards.",
		"at": "key.deletion_denied",
	}} with input as object.union(vault, {"used_by": [{"delete_after_days": null}, {"delete_after_days": 1}]})
}

test_fails_with_points_that_are_kept_for_ever if {
	count(rule.violations) == 1 with input as holding({"unlimited": 1, "longest_retention_days": 0})
}

test_points_outlast_shorter_rules if {
	some violation in rule.violations with input as object.union(vault, {"points": {"longest_retention_days": 365}})
	contains(violation.message, "keeps points for 365 days")
}

test_a_vault_with_nothing_in_it_passes if {
	rule.applies with input as empty
	count(rule.violations) == 0 with input as empty
}

test_fails_where_the_deletion_comes_before_the_expiry if {
	rule.violations == {{
		"message": "KMS deletes the key of the locked vault 'main' in 29 days, and the vault keeps points for 30 days: none of them can be restored afterwards.",
		"at": "key.deleted_in_days",
	}} with input as keyed({"deleted_in_days": 29})
}

test_a_pending_deletion_counts_though_it_is_denied_now if {
	count(rule.violations) == 1 with input as keyed({"deleted_in_days": 29, "deletion_denied": true})
}

test_passes_where_the_deletion_comes_with_or_after_the_expiry if {
	every number in [30, 31] {
		count(rule.violations) == 0 with input as keyed({"deleted_in_days": number})
	}
}

test_a_pending_deletion_always_comes_before_points_that_are_kept_for_ever if {
	some violation in rule.violations with input as pending(30, {"unlimited": 2, "longest_retention_days": 10})
	violation.at == "key.deleted_in_days"
}

test_a_pending_deletion_harms_no_empty_vault if {
	count(rule.violations) == 0 with input as pending(0, {"unlimited": 0, "longest_retention_days": 0})
}

test_a_deletion_within_a_day_and_in_one_day_are_told_apart if {
	rule.within(0) == "within a day"
	rule.within(1) == "in 1 day"
	rule.within(2) == "in 2 days"
}

test_applies_in_every_lock_mode if {
	every mode in ["governance", "compliance_grace", "immutable"] {
		rule.applies with input as object.union(vault, {"lock": {"mode": mode}})
	}
}

test_does_not_apply_without_a_lock if {
	not rule.applies with input as object.union(vault, {"lock": {"mode": "none"}})
}

test_does_not_apply_to_keys_of_aws if {
	not rule.applies with input as keyed({"owner": "aws_managed"})
	not rule.applies with input as keyed({"owner": "aws_owned"})
}

test_does_not_apply_where_the_vault_names_no_key if {
	not rule.applies with input as object.union(vault, {"key": null})
}
