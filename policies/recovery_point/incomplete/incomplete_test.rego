package backstop.recovery_point.incomplete_test

import data.backstop.recovery_point.incomplete

test_fails_where_the_point_is_partial if {
	incomplete.violations == {{
		"message": "The recovery point is partial: AWS Backup could not back up all of its resource.",
		"at": "status",
	}} with input as {"status": "PARTIAL"}
}

test_fails_where_a_continuous_backup_has_stopped if {
	incomplete.violations == {{
		"message": "The continuous backup of the recovery point has stopped: it can be restored to no time after that.",
		"at": "status",
	}} with input as {"status": "STOPPED"}
}

test_passes_with_every_other_status if {
	every status in ["COMPLETED", "DELETING", "EXPIRED", "AVAILABLE", "CREATING"] {
		count(incomplete.violations) == 0 with input as {"status": status}
	}
}
