package backstop.replication.resource_type_not_copyable_test

import data.backstop.replication.resource_type_not_copyable

within := {"cross_region": false, "cross_account": false}

abroad := {"cross_region": true, "cross_account": false}

outside := {"cross_region": false, "cross_account": true}

selected(name, to_region, to_account) := {
	"type": name,
	"can_copy_to_region": to_region,
	"can_copy_to_account": to_account,
	"read_on": "2026-11-22",
}

efs := selected("EFS", true, true)

stack := selected("CloudFormation", true, false)

redshift := selected("Redshift", false, false)

rule(copies, types) := {"name": "daily", "copies": copies, "selected_types": types}

places := {[violation.at, violation["for"]] | some violation in resource_type_not_copyable.violations}

test_fails_where_a_type_cannot_be_copied_to_another_region if {
	violations := resource_type_not_copyable.violations with input as rule([abroad], [efs, redshift])
	violations == {{
		"message": "Rule 'daily' copies to another Region, and AWS Backup cannot copy 'Redshift' points there, as of '2026-11-22'.",
		"at": "copies.cross_region",
		"for": "Redshift",
	}}
}

test_fails_where_a_type_cannot_be_copied_to_another_account if {
	violations := resource_type_not_copyable.violations with input as rule([outside], [efs, stack])
	violations == {{
		"message": "Rule 'daily' copies to another account, and AWS Backup cannot copy 'CloudFormation' points there, as of '2026-11-22'.",
		"at": "copies.cross_account",
		"for": "CloudFormation",
	}}
}

test_passes_where_a_type_can_be_copied_the_way_that_is_asked_for if {
	count(resource_type_not_copyable.violations) == 0 with input as rule([abroad], [efs, stack])
	count(resource_type_not_copyable.violations) == 0 with input as rule([outside], [efs, selected("Other", false, true)])
}

test_tells_each_type_once_for_each_way if {
	places == {
		["copies.cross_region", "Redshift"],
		["copies.cross_account", "Redshift"],
		["copies.cross_account", "CloudFormation"],
	} with input as rule([abroad, abroad, outside], [stack, redshift])
}

test_one_copy_can_go_both_ways if {
	both := {"cross_region": true, "cross_account": true}
	places == {["copies.cross_region", "Redshift"], ["copies.cross_account", "Redshift"]} with input as rule([both], [redshift])
}

test_fails_where_a_type_cannot_even_be_copied_to_the_next_vault if {
	violations := resource_type_not_copyable.violations with input as rule([within], [efs, redshift])
	violations == {{
		"message": "Rule 'daily' copies to another vault, and AWS Backup cannot copy 'Redshift' points there, as of '2026-11-22'.",
		"at": "copies",
		"for": "Redshift",
	}}
}

test_a_type_that_can_be_copied_anywhere_can_be_copied_to_the_next_vault if {
	count(resource_type_not_copyable.violations) == 0 with input as rule([within], [stack, selected("Other", false, true)])
}

test_passes_where_the_plan_selects_nothing if {
	count(resource_type_not_copyable.violations) == 0 with input as rule([abroad, outside], [])
}

test_applies_where_there_are_copies if {
	every copy in [within, abroad, outside] {
		resource_type_not_copyable.applies with input as rule([copy], [])
	}
	not resource_type_not_copyable.applies with input as rule([], [redshift])
}
