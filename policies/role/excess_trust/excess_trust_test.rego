package backstop.role.excess_trust_test

import data.backstop.role.excess_trust as rule

role := {"arn": "arn:aws:iam::111122223333:role/backup", "exists": true, "trust": {"others": []}}

trusting(others) := object.union(role, {"trust": {"others": others}})

test_passes_where_only_backup_may_assume_the_role if {
	rule.applies with input as role
	count(rule.violations) == 0 with input as role
}

test_fails_where_another_may if {
	rule.violations == {{
		"message": "The trust policy of role 'arn:aws:iam::111122223333:role/backup' lets '444455556666' assume it.",
		"at": "trust.others",
		"for": "444455556666",
	}} with input as trusting([{"principal": "444455556666", "conditions": []}])
}

test_says_what_it_depends_on if {
	rule.violations == {{
		"message": "The trust policy of role 'arn:aws:iam::111122223333:role/backup' lets everybody assume it, depending on 'aws:PrincipalOrgID', 'sts:ExternalId'.",
		"at": "trust.others",
		"for": "*",
	}} with input as trusting([{"principal": "*", "conditions": ["sts:ExternalId", "aws:PrincipalOrgID"]}])
}

test_does_not_apply_to_a_role_that_is_not_there if {
	not rule.applies with input as object.union(role, {"exists": false})
}
