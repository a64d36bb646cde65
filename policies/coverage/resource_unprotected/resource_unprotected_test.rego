package backstop.coverage.resource_unprotected_test

import data.backstop.coverage.resource_unprotected

closest := {
	"plan": "nightly",
	"selection": "by-tag",
	"step": "condition",
	"sentence": "Its condition StringEquals 'aws:ResourceTag/Project=shop' does not hold: the resource has no tag 'Project'.",
}

params := {"required_types": ["DynamoDB"], "required_resource_tags": []}

coverage := {"exists": true, "is_restore_test": false, "is_selected": false, "closest": closest}

table(changes) := {
	"name": "users",
	"type": "DynamoDB",
	"tags": {"Environment": "prod"},
	"coverage": object.union(coverage, changes),
	"params": params,
}

passes(changes) if count(resource_unprotected.violations) == 0 with input as table(changes)

test_fails_where_nothing_selects_the_resource_and_names_the_step_that_dropped_it if {
	violations := resource_unprotected.violations with input as table({})
	violations == {{
		"message": "No plan selects 'users' ('DynamoDB'): selection 'by-tag' of plan 'nightly' comes closest. Its condition StringEquals 'aws:ResourceTag/Project=shop' does not hold: the resource has no tag 'Project'.",
		"at": "coverage.is_selected",
	}}
}

test_fails_where_no_selection_names_it if {
	violations := resource_unprotected.violations with input as table({"closest": null})
	violations == {{
		"message": "No plan selects 'users' ('DynamoDB'): no selection of its account and Region names it or one of its tags.",
		"at": "coverage.is_selected",
	}}
}

test_passes_where_a_plan_selects_it if passes({"is_selected": true, "closest": null})

test_passes_where_it_is_gone_or_a_restore_test_made_it if {
	passes({"exists": false})
	passes({"is_restore_test": true})
}

test_asks_only_for_what_carries_the_tags_that_ask_for_it if {
	every wanted in [["Environment"], ["Environment=prod"]] {
		asked := object.union(table({}), {"params": {"required_types": ["DynamoDB"], "required_resource_tags": wanted}})
		count(resource_unprotected.violations) == 1 with input as asked
	}
	every wanted in [["Project"], ["Environment=dev"], ["Environment", "Project"]] {
		asked := object.union(table({}), {"params": {"required_types": ["DynamoDB"], "required_resource_tags": wanted}})
		count(resource_unprotected.violations) == 0 with input as asked
	}
}

test_applies_to_the_types_that_must_be_backed_up if {
	resource_unprotected.applies with input as table({})
	not resource_unprotected.applies with input as object.union(table({}), {"type": "EBS"})
	not resource_unprotected.applies with input as object.union(table({}), {"type": null})
}
