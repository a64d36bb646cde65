package backstop.vault_lock.no_headroom_test

import data.backstop.vault_lock.no_headroom as rule

vault(retentions) := {
	"name": "main",
	"lock": {"mode": "immutable", "max_retention_days": 60},
	"used_by": [{"delete_after_days": days} | some days in retentions],
	"params": {"lock_headroom_percent": 90},
}

locked(changes) := object.union(vault([null, 60]), {"lock": changes})

test_passes_below_the_percentage if {
	rule.applies with input as vault([30, 53])
	count(rule.violations) == 0 with input as vault([30, 53])
}

test_fails_from_the_percentage_on if {
	rule.violations == {{
		"message": "Points are written into vault 'main' to be kept for 54 days, which is 90 per cent or more of the maximum of 60 that its lock allows.",
		"at": "lock.max_retention_days",
	}} with input as vault([54, 30])
}

test_fails_above_the_maximum if {
	count(rule.violations) == 1 with input as vault([61])
}

test_fails_where_a_rule_keeps_points_for_ever if {
	rule.violations == {{
		"message": "Points are written into vault 'main' to be kept for ever, and its lock allows a maximum of 60.",
		"at": "lock.max_retention_days",
	}} with input as vault([null, 60])
}

test_passes_where_nothing_writes_into_the_vault if {
	count(rule.violations) == 0 with input as vault([])
}

test_the_percentage_is_a_parameter if {
	count(rule.violations) == 0 with input as object.union(vault([54]), {"params": {"lock_headroom_percent": 91}})
}

test_applies_in_every_lock_mode if {
	every mode in ["governance", "compliance_grace", "immutable"] {
		rule.applies with input as locked({"mode": mode})
	}
}

test_does_not_apply_without_a_lock if {
	not rule.applies with input as locked({"mode": "none", "max_retention_days": null})
	not rule.applies with input as locked({"mode": "none"})
}

test_does_not_apply_without_a_maximum if {
	not rule.applies with input as locked({"max_retention_days": null})
}
