package backstop.objective.rpo_missed_test

import data.backstop.objective.rpo_missed as rule

at(account, region, hours) := {"account": account, "region": region, "points": {"newest_hours": hours}}

resource(promised, hours, elsewhere) := {
	"recovery": {"promised": promised, "here": at("1", "east", hours), "elsewhere": elsewhere},
	"params": {"rpo_hours": 24},
}

test_passes_up_to_the_objective if {
	rule.applies with input as resource(true, 24, [])
	every hours in [0, 23, 24] {
		count(rule.violations) == 0 with input as resource(true, hours, [at("1", "west", hours)])
	}
}

test_fails_an_hour_past_the_objective if {
	rule.violations == {{
		"message": "In '1/east' the newest data that can be restored is 25 hours old; at most 24 are wanted.",
		"at": "recovery.here.points.newest_hours",
		"for": "1/east",
	}} with input as resource(true, 25, [at("1", "west", 24)])
}

test_fails_where_there_is_nothing_to_restore if {
	rule.violations == {{
		"message": "In '1/east' there is no recovery point of it that can be restored; data of at most 24 hours ago is wanted there.",
		"at": "recovery.here.points.newest_hours",
		"for": "1/east",
	}} with input as resource(true, null, [])
}

test_tells_each_place_by_itself if {
	copies := [at("1", "west", 3), at("2", "east", 48), at("3", "east", null)]
	{"2/east", "3/east"} == {violation["for"] | some violation in rule.violations} with input as resource(true, 3, copies)
}

test_does_not_apply_where_no_points_are_promised if {
	not rule.applies with input as resource(false, null, [])
}
