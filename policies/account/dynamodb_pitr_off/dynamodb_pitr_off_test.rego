package backstop.account.dynamodb_pitr_off_test

import data.backstop.account.dynamodb_pitr_off

table(enabled, days) := {
	"name": "orders",
	"type": "DynamoDB",
	"point_in_time": {"enabled": enabled, "days": days},
	"params": {"require_pitr": true, "pitr_days": 35},
}

test_fails_where_it_is_off if {
	dynamodb_pitr_off.applies with input as table(false, null)
	dynamodb_pitr_off.violations == {{
		"message": "Point-in-time recovery of table 'orders' is off; it must reach back 35 days.",
		"at": "point_in_time.enabled",
	}} with input as table(false, null)
}

test_fails_where_it_reaches_back_a_day_too_few if {
	dynamodb_pitr_off.violations == {{
		"message": "Point-in-time recovery of table 'orders' reaches back 34 days; it must reach back 35.",
		"at": "point_in_time.days",
	}} with input as table(true, 34)
}

test_passes_from_the_days_that_are_required if {
	every days in [35, 36] {
		count(dynamodb_pitr_off.violations) == 0 with input as table(true, days)
	}
}

test_does_not_apply_to_other_types_or_where_it_is_not_required if {
	not dynamodb_pitr_off.applies with input as object.union(table(false, null), {"type": "S3", "point_in_time": null})
	not dynamodb_pitr_off.applies with input as object.union(table(false, null), {"type": null, "point_in_time": null})
	not dynamodb_pitr_off.applies with input as object.union(table(false, null), {"params": {"require_pitr": false, "pitr_days": 35}})
}
