package backstop.encryption.key_unusable_test

import data.backstop.encryption.key_unusable as rule

key(state) := {"name": "alias/backup", "state": state, "vaults": ["archive", "main"]}

test_passes_while_the_key_is_enabled if {
	count(rule.violations) == 0 with input as key("Enabled")
}

test_passes_in_states_that_pass_by_themselves if {
	every state in ["Creating", "Updating"] {
		count(rule.violations) == 0 with input as key(state)
	}
}

test_fails_in_every_state_that_forbids_use if {
	every state in ["Disabled", "PendingDeletion", "PendingImport", "PendingReplicaDeletion", "Unavailable"] {
		count(rule.violations) == 1 with input as key(state)
	}
}

test_the_message_names_state_and_vaults if {
	rule.violations == {{
		"message": "Key 'alias/backup' is in state 'Disabled': nothing in vaults 'archive', 'main' that is encrypted with it can be restored, and no backup under it can be made.",
		"at": "state",
	}} with input as key("Disabled")
}

test_fails_where_only_points_depend_on_the_key if {
	rule.violations == {{
		"message": "Key 'alias/backup' is in state 'PendingDeletion': no recovery point that is encrypted with it can be restored.",
		"at": "state",
	}} with input as object.union(key("PendingDeletion"), {"vaults": []})
}

test_passes_where_only_points_depend_on_an_enabled_key if {
	count(rule.violations) == 0 with input as object.union(key("Enabled"), {"vaults": []})
}
