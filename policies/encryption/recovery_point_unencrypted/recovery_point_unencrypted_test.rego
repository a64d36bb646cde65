package backstop.encryption.recovery_point_unencrypted_test

import data.backstop.encryption.recovery_point_unencrypted as rule

point := {"status": "COMPLETED", "encrypted": false}

test_fails_without_encryption if {
	rule.applies with input as point
	rule.violations == {{
		"message": "The recovery point is not encrypted, because the resource that it was made of is not.",
		"at": "encrypted",
	}} with input as point
}

test_passes_with_encryption if {
	count(rule.violations) == 0 with input as object.union(point, {"encrypted": true})
}

test_applies_to_every_point_that_can_be_restored if {
	every status in ["COMPLETED", "AVAILABLE", "PARTIAL", "STOPPED"] {
		rule.applies with input as object.union(point, {"status": status})
	}
}

test_does_not_apply_to_points_that_come_or_go if {
	every status in ["CREATING", "DELETING", "EXPIRED"] {
		not rule.applies with input as object.union(point, {"status": status})
	}
}
