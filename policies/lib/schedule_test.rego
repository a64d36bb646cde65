package backstop.lib.schedule_test

import data.backstop.lib.schedule

rules(texts) := [{"schedule": {"canonical": canonical}} | some canonical in texts]

test_a_rule_runs_at_exactly_these_times if {
	schedule.runs_at(rules(["a", "b"]), "b")
	not schedule.runs_at(rules(["a", null]), "b")
	not schedule.runs_at([], "b")
}

test_a_message_tells_when_the_rules_run if {
	schedule.told(rules(["b", "a", "b", null])) == "run at 'a', 'b'"
	schedule.told(rules([null])) == "never run"
	schedule.told([]) == "never run"
}

test_minutes_are_hours_where_they_can_be if {
	schedule.lasting(0) == "no time"
	schedule.lasting(1) == "1 minute"
	schedule.lasting(59) == "59 minutes"
	schedule.lasting(60) == "1 hour"
	schedule.lasting(61) == "61 minutes"
	schedule.lasting(1440) == "24 hours"
}
