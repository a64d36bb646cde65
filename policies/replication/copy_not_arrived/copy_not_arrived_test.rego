package backstop.replication.copy_not_arrived_test

import data.backstop.replication.copy_not_arrived

copy(destination, arrived, hours) := {"destination": destination, "arrived": arrived, "hours": hours}

point(copies) := {"copies": copies, "params": {"copy_deadline_hours": 24}}

test_fails_an_hour_past_the_deadline_without_a_copy if {
	violations := copy_not_arrived.violations with input as point([copy("replica", false, 25)])
	violations == {{
		"message": "There is no copy in 'replica' 25 hours after the backup started; it was due within 24.",
		"at": "copies.arrived",
		"for": "replica",
	}}
}

test_waits_for_a_copy_until_the_deadline if {
	every hours in [23, 24] {
		count(copy_not_arrived.violations) == 0 with input as point([copy("replica", false, hours)])
	}
}

test_fails_where_the_copy_arrived_an_hour_late if {
	violations := copy_not_arrived.violations with input as point([copy("replica", true, 25)])
	violations == {{
		"message": "The copy in 'replica' arrived 25 hours after the backup started; it was due within 24.",
		"at": "copies.hours",
		"for": "replica",
	}}
}

test_passes_where_the_copy_arrived_in_time if {
	every hours in [0, 24] {
		count(copy_not_arrived.violations) == 0 with input as point([copy("replica", true, hours)])
	}
}

test_tells_each_copy if {
	copies := [copy("a", true, 3), copy("b", false, 48), copy("c", true, 30)]
	{"b", "c"} == {violation["for"] | some violation in copy_not_arrived.violations} with input as point(copies)
}

test_applies_where_copies_are_asked_for if {
	copy_not_arrived.applies with input as point([copy("replica", true, 1)])
	not copy_not_arrived.applies with input as point([])
}
