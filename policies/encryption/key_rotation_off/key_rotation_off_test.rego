package backstop.encryption.key_rotation_off_test

import data.backstop.encryption.key_rotation_off as rule

key := {"name": "alias/backup", "owner": "customer", "can_rotate": true, "rotation_enabled": false}

test_fails_without_rotation if {
	rule.applies with input as key
	rule.violations == {{
		"message": "KMS does not rotate the material of key 'alias/backup'.",
		"at": "rotation_enabled",
	}} with input as key
}

test_passes_with_rotation if {
	count(rule.violations) == 0 with input as object.union(key, {"rotation_enabled": true})
}

test_does_not_apply_to_keys_of_aws if {
	every owner in ["aws_managed", "aws_owned"] {
		not rule.applies with input as object.union(key, {"owner": owner})
	}
}

test_does_not_apply_to_keys_that_kms_cannot_rotate if {
	not rule.applies with input as object.union(key, {"can_rotate": false})
}
