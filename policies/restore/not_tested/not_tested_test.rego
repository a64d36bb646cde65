package backstop.restore.not_tested_test

import data.backstop.restore.not_tested as rule

resource(promised, can_be, is_tested) := {"recovery": {
	"promised": promised,
	"tests": {"type_can_be_tested": can_be, "types_read_on": "2026-11-22", "is_covered": is_tested},
}}

test_passes_where_a_plan_covers_it if {
	rule.applies with input as resource(true, true, true)
	count(rule.violations) == 0 with input as resource(true, true, true)
}

test_fails_where_no_plan_covers_it if {
	rule.violations == {{
		"message": "No restore testing plan takes recovery points of it, which its type allows (as AWS documented on 2026-11-22).",
		"at": "recovery.tests.is_covered",
	}} with input as resource(true, true, false)
}

test_does_not_apply_to_types_that_cannot_be_tested if {
	not rule.applies with input as resource(true, false, false)
}

test_does_not_apply_where_there_is_nothing_to_restore if {
	not rule.applies with input as resource(false, true, false)
}
