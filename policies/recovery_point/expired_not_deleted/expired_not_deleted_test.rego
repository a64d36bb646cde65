package backstop.recovery_point.expired_not_deleted_test

import data.backstop.recovery_point.expired_not_deleted

test_fails_where_the_point_has_expired if {
	expired_not_deleted.violations == {{
		"message": "The recovery point has expired and AWS Backup could not delete it: it is still stored and still billed.",
		"at": "status",
	}} with input as {"status": "EXPIRED"}
}

test_passes_with_every_other_status if {
	every status in ["COMPLETED", "PARTIAL", "DELETING", "AVAILABLE", "STOPPED", "CREATING"] {
		count(expired_not_deleted.violations) == 0 with input as {"status": status}
	}
}
