package backstop.cold_storage.ignored_by_resource_type_test

import data.backstop.cold_storage.ignored_by_resource_type

selected(name, has_cold_storage) := {"type": name, "has_cold_storage": has_cold_storage, "read_on": "2026-11-22"}

rule(transition, types) := {
	"name": "daily",
	"lifecycle": {"move_to_cold_storage_after_days": transition},
	"selected_types": types,
}

test_fails_where_no_selected_type_has_cold_storage if {
	types := [selected("Aurora", false), selected("RDS", false)]
	violations := ignored_by_resource_type.violations with input as rule(30, types)
	violations == {{
		"message": "Rule 'daily' moves points to cold storage on day 30, and no type that its plan selects ('Aurora', 'RDS') has cold storage, as of '2026-11-22': they stay warm.",
		"at": "lifecycle.move_to_cold_storage_after_days",
	}}
}

test_passes_where_one_selected_type_has_cold_storage if {
	count(ignored_by_resource_type.violations) == 0 with input as rule(30, [selected("EFS", true), selected("RDS", false)])
}

test_applies_where_points_of_some_type_would_move if {
	ignored_by_resource_type.applies with input as rule(30, [selected("RDS", false)])
}

test_does_not_apply_without_a_transition if {
	not ignored_by_resource_type.applies with input as rule(null, [selected("RDS", false)])
}

test_does_not_apply_where_the_plan_selects_nothing if {
	not ignored_by_resource_type.applies with input as rule(30, [])
}
