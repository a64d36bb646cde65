package backstop.role.cannot_restore_test

import data.backstop.role.cannot_restore as rule

ability(type, lacks) := {"type": type, "read_on": "2026-11-23", "lacks_for_restore": lacks}

role := {
	"arn": "arn:aws:iam::111122223333:role/backup",
	"exists": true,
	"abilities": [ability("DynamoDB", []), ability("EBS", [])],
}

test_passes_where_nothing_is_missing if {
	rule.applies with input as role
	count(rule.violations) == 0 with input as role
}

test_fails_for_the_type_that_something_is_missing_for if {
	rule.violations == {{
		"message": "Role 'arn:aws:iam::111122223333:role/backup' lacks 'a:One or a:Other', 'a:Third' (as of 2026-11-23): no resource of type 'EBS' is restored with it.",
		"at": "abilities.lacks_for_restore",
		"for": "EBS",
	}} with input as object.union(role, {"abilities": [ability("DynamoDB", []), ability("EBS", ["a:Third", "a:One or a:Other"])]})
}

test_does_not_apply_where_nothing_is_selected if {
	not rule.applies with input as object.union(role, {"abilities": []})
}

test_does_not_apply_to_a_role_that_belongs_to_aws_backup if {
	linked := "arn:aws:iam::111122223333:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
	not rule.applies with input as object.union(role, {"arn": linked})
}

test_does_not_apply_to_a_role_that_is_not_there if {
	not rule.applies with input as object.union(role, {"exists": false})
}
