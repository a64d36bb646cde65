package backstop.vault_lock.becoming_immutable_invalid_test

import data.backstop.vault_lock.becoming_immutable_invalid as rule

params := {
	"warn_hours": 72,
	"retention_days": 30,
	"lock_min_retention_days": 7,
	"lock_max_retention_factor": 5,
	"lock_headroom_percent": 90,
}

lock := {"mode": "compliance_grace", "hours_until_immutable": 40, "min_retention_days": 7, "max_retention_days": 150}

sound := {"name": "main", "lock": lock, "used_by": [], "points": {"unlimited": 0}, "params": params}

locked(changes) := object.union(sound, {"lock": changes})

use := {"plan": "nightly", "rule": "daily", "is_copy": false, "delete_after_days": 30, "move_to_cold_storage_after_days": null}

used(changes) := object.union(sound, {"used_by": [object.union(use, changes)]})

# A fault by its `for`, with the attribute to change.
faults(vault) := {violation["for"]: violation.at | some violation in rule.violations with input as vault}

only(vault) := message if {
	messages := [violation.message | some violation in rule.violations with input as vault]
	count(messages) == 1
	message := messages[0]
}

test_applies_in_the_grace_period if rule.applies with input as sound

test_does_not_apply_in_other_modes if {
	every mode in ["none", "governance", "immutable"] {
		not rule.applies with input as locked({"mode": mode, "hours_until_immutable": null})
	}
}

test_passes_where_nothing_is_wrong if {
	faults(sound) == {}
	faults(used({})) == {}
}

test_passes_while_there_is_time if {
	faults(locked({"min_retention_days": null, "hours_until_immutable": 73})) == {}
	faults(locked({"min_retention_days": null, "hours_until_immutable": null})) == {}
}

test_fails_from_the_warning_hours_on if {
	every hours in [72, 71, 1, 0] {
		faults(locked({"min_retention_days": null, "hours_until_immutable": hours})) == {"minimum": "lock.min_retention_days"}
	}
}

test_nothing_is_said_early_about_any_fault if {
	count(faults(with_many_faults)) == 7
	faults(object.union(with_many_faults, {"lock": {"hours_until_immutable": 73}})) == {}
}

with_many_faults := object.union(locked({"min_retention_days": 6, "max_retention_days": 151}), {
	"points": {"unlimited": 1},
	"used_by": [
		object.union(use, {"delete_after_days": 5}),
		object.union(use, {"rule": "cold", "delete_after_days": 150, "move_to_cold_storage_after_days": 62}),
	],
})

test_the_message_tells_the_hours if {
	only(locked({"min_retention_days": null})) == "In 40 hours the lock of vault 'main' becomes permanent, and it sets no minimum retention."
	startswith(only(locked({"min_retention_days": null, "hours_until_immutable": 2})), "In 2 hours the lock")
	startswith(only(locked({"min_retention_days": null, "hours_until_immutable": 1})), "In 1 hour the lock")
	startswith(only(locked({"min_retention_days": null, "hours_until_immutable": 0})), "Within the hour the lock")
}

test_fails_with_a_minimum_below_the_required_one if {
	only(locked({"min_retention_days": 6})) == "In 40 hours the lock of vault 'main' becomes permanent, and it sets a minimum retention of 6, less than the required 7."
}

test_fails_with_a_minimum_that_has_no_effect if {
	lax := object.union(locked({"min_retention_days": 1}), {"params": {"lock_min_retention_days": 1}})
	only(lax) == "In 40 hours the lock of vault 'main' becomes permanent, and it sets a minimum retention of 1 day, which refuses nothing."
}

test_fails_without_a_maximum if {
	only(locked({"max_retention_days": null})) == "In 40 hours the lock of vault 'main' becomes permanent, and it sets no maximum retention."
}

test_fails_with_a_maximum_above_the_allowed_one if {
	vault := locked({"max_retention_days": 151})
	faults(vault) == {"maximum": "lock.max_retention_days"}
	only(vault) == "In 40 hours the lock of vault 'main' becomes permanent, and it sets a maximum retention of 151, more than the 150 that are allowed."
}

test_fails_with_a_rule_that_the_lock_refuses if {
	vault := used({"delete_after_days": 6})
	faults(vault) == {"refused/nightly/daily": "used_by.delete_after_days"}
	only(vault) == "In 40 hours the lock of vault 'main' becomes permanent, and with it the refusal of the points of rule 'daily' in plan 'nightly', which are to be kept for 6 days: less than the minimum of 7."
}

test_fails_with_a_copy_that_the_lock_refuses if {
	vault := used({"delete_after_days": null, "is_copy": true})
	faults(vault) == {"refused/nightly/daily/copy": "used_by.delete_after_days"}
	only(vault) == "In 40 hours the lock of vault 'main' becomes permanent, and with it the refusal of the copies of rule 'daily' in plan 'nightly', which are to be kept for ever: more than the maximum of 150."
}

test_what_is_refused_does_not_use_up_headroom_too if {
	faults(used({"delete_after_days": 151})) == {"refused/nightly/daily": "used_by.delete_after_days"}
}

test_nothing_is_refused_at_the_bounds_of_the_lock if {
	faults(used({"delete_after_days": 7})) == {}
	faults(used({"delete_after_days": 150})) == {"headroom": "lock.max_retention_days"}
}

test_fails_where_the_maximum_leaves_no_room_for_cold_storage if {
	vault := used({"delete_after_days": null, "move_to_cold_storage_after_days": 61})
	faults(vault) == {
		"refused/nightly/daily": "used_by.delete_after_days",
		"cold-storage-excluded/nightly/daily": "lock.max_retention_days",
	}
	some violation in rule.violations with input as vault
	violation["for"] == "cold-storage-excluded/nightly/daily"
	violation.message == "In 40 hours the lock of vault 'main' becomes permanent, and with it a maximum of 150: the points of rule 'daily' in plan 'nightly' move to cold storage on day 61 and must be kept until day 151."
}

test_the_maximum_leaves_room_for_cold_storage_up_to_its_last_day if {
	faults(used({"delete_after_days": null, "move_to_cold_storage_after_days": 60})) == {"refused/nightly/daily": "used_by.delete_after_days"}
}

test_without_a_maximum_there_is_room_for_cold_storage if {
	unbounded := object.union(used({"delete_after_days": null, "move_to_cold_storage_after_days": 400}), {"lock": {"max_retention_days": null}})
	faults(unbounded) == {"maximum": "lock.max_retention_days"}
}

test_fails_with_too_few_days_in_cold_storage if {
	vault := used({"delete_after_days": 119, "move_to_cold_storage_after_days": 30})
	faults(vault) == {"cold-storage-too-short/nightly/daily": "used_by.delete_after_days"}
	only(vault) == "In 40 hours the lock of vault 'main' becomes permanent, and with it the range in which this must be mended: the points of rule 'daily' in plan 'nightly' move to cold storage on day 30 and are deleted on day 119, which AWS allows from day 120 on."
}

test_passes_with_enough_days_in_cold_storage if {
	faults(used({"delete_after_days": 120, "move_to_cold_storage_after_days": 30})) == {}
	faults(used({"delete_after_days": 121, "move_to_cold_storage_after_days": 30})) == {}
}

test_fails_with_points_that_have_no_expiry if {
	vault := object.union(sound, {"points": {"unlimited": 1}})
	faults(vault) == {"unlimited": "points.unlimited"}
	only(vault) == "In 40 hours the lock of vault 'main' becomes permanent, and with it every recovery point that has no expiry, of which the vault holds 1: nobody will be able to delete them."
}

test_fails_where_the_headroom_is_used_up if {
	vault := used({"delete_after_days": 135})
	faults(vault) == {"headroom": "lock.max_retention_days"}
	only(vault) == "In 40 hours the lock of vault 'main' becomes permanent, and with it a maximum of 150, of which the longest retention, 135, uses 90 per cent or more."
}

test_a_refused_rule_does_not_hide_that_another_uses_up_the_headroom if {
	every days in [null, 151] {
		uses := [object.union(use, {"delete_after_days": 135}), object.union(use, {"rule": "refused", "delete_after_days": days})]
		faults(object.union(sound, {"used_by": uses})) == {
			"headroom": "lock.max_retention_days",
			"refused/nightly/refused": "used_by.delete_after_days",
		}
	}
}

test_passes_where_there_is_headroom if {
	faults(used({"delete_after_days": 134})) == {}
}

test_every_fault_is_told_by_itself if {
	faults(with_many_faults) == {
		"minimum": "lock.min_retention_days",
		"maximum": "lock.max_retention_days",
		"refused/nightly/daily": "used_by.delete_after_days",
		"cold-storage-excluded/nightly/cold": "lock.max_retention_days",
		"cold-storage-too-short/nightly/cold": "used_by.delete_after_days",
		"unlimited": "points.unlimited",
		"headroom": "lock.max_retention_days",
	}
}
