package backstop.cold_storage.too_early_test

import data.backstop.cold_storage.too_early

selected(name, is_incremental, has_cold_storage) := {
	"type": name,
	"is_incremental": is_incremental,
	"has_cold_storage": has_cold_storage,
	"read_on": "2026-11-22",
}

rule(transition, types) := {
	"name": "daily",
	"lifecycle": {"move_to_cold_storage_after_days": transition},
	"selected_types": types,
}

efs := selected("EFS", true, true)

full := selected("DynamoDB", false, true)

warm := selected("RDS", true, false)

test_fails_on_the_seventh_day_and_names_the_types if {
	violations := too_early.violations with input as rule(7, [full, efs, warm])
	violations == {{
		"message": "Rule 'daily' moves points to cold storage on day 7; those of 'EFS' are incremental, as of '2026-11-22', and should stay warm for 8 days.",
		"at": "lifecycle.move_to_cold_storage_after_days",
	}}
}

test_passes_from_the_eighth_day_on if {
	every transition in [8, 9] {
		count(too_early.violations) == 0 with input as rule(transition, [efs])
	}
}

test_passes_where_no_selected_type_is_incremental_and_has_cold_storage if {
	count(too_early.violations) == 0 with input as rule(1, [full, warm])
	count(too_early.violations) == 0 with input as rule(1, [])
}

test_applies_where_points_move if {
	too_early.applies with input as rule(30, [])
	not too_early.applies with input as rule(null, [efs])
}
