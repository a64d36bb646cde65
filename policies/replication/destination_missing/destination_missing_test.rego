package backstop.replication.destination_missing_test

import data.backstop.replication.destination_missing

copy := {
	"cross_account": false,
	"destination": {"arn": "arn:replica", "name": "replica", "exists": true, "state": null},
}

to_vault(destination) := object.union(copy, {"destination": destination})

to_default(cross_account) := object.union(to_vault({"name": "Default", "arn": "arn:Default"}), {"cross_account": cross_account})

rule(copies) := {"name": "daily", "copies": copies}

test_fails_where_the_vault_does_not_exist if {
	violations := destination_missing.violations with input as rule([to_vault({"exists": false})])
	violations == {{
		"message": "Rule 'daily' copies to 'arn:replica', and there is no such vault: every copy fails.",
		"at": "copies.destination.exists",
		"for": "arn:replica",
	}}
}

test_fails_where_the_vault_is_not_available if {
	every state in ["CREATING", "FAILED"] {
		violations := destination_missing.violations with input as rule([to_vault({"state": state})])
		violations == {{
			"message": sprintf("Rule 'daily' copies to vault 'replica', whose state is '%s': every copy fails.", [state]),
			"at": "copies.destination.state",
			"for": "arn:replica",
		}}
	}
}

test_does_not_speak_of_the_state_of_a_vault_that_does_not_exist if {
	count(destination_missing.violations) == 1 with input as rule([to_vault({"exists": false, "state": "FAILED"})])
}

test_passes_where_the_vault_is_available_or_has_no_state if {
	every state in ["AVAILABLE", null] {
		count(destination_missing.violations) == 0 with input as rule([to_vault({"state": state})])
	}
}

test_fails_where_the_vault_is_the_default_of_another_account if {
	violations := destination_missing.violations with input as rule([to_default(true)])
	violations == {{
		"message": "Rule 'daily' copies to 'arn:Default', the default vault of another account, which takes no copies from outside: every copy fails.",
		"at": "copies.destination.name",
		"for": "arn:Default",
	}}
}

test_passes_where_the_vault_is_the_default_of_its_own_account if {
	count(destination_missing.violations) == 0 with input as rule([to_default(false)])
}

test_passes_where_another_account_has_a_vault_of_another_name if {
	count(destination_missing.violations) == 0 with input as rule([object.union(copy, {"cross_account": true})])
}

test_tells_each_copy if {
	copies := [copy, to_vault({"exists": false}), to_vault({"arn": "arn:other", "exists": false})]
	{"arn:replica", "arn:other"} == {violation["for"] | some violation in destination_missing.violations} with input as rule(copies)
}

test_applies_where_there_are_copies if {
	destination_missing.applies with input as rule([copy])
	not destination_missing.applies with input as rule([])
}
