package backstop.lib.lock_test

import data.backstop.lib.lock

test_every_mode_but_none_is_locked if {
	every mode in ["governance", "compliance_grace", "immutable"] {
		lock.locked(mode)
	}
	not lock.locked("none")
}

test_retention_below_the_minimum_is_refused if {
	lock.refusal(7, null, 6) == "less than the minimum of 7"
	not lock.refusal(7, null, 7)
	not lock.refusal(7, null, 8)
}

test_retention_above_the_maximum_is_refused if {
	lock.refusal(null, 60, 61) == "more than the maximum of 60"
	not lock.refusal(null, 60, 60)
	not lock.refusal(null, 60, 59)
}

test_for_ever_is_refused_by_any_maximum_and_no_minimum if {
	lock.refusal(7, 60, null) == "more than the maximum of 60"
	not lock.refusal(7, null, null)
}

test_without_bounds_nothing_is_refused if {
	not lock.refusal(null, null, 1)
	not lock.refusal(null, null, null)
}

test_an_absent_minimum_is_a_fault if lock.minimum_fault(null, 1) == "sets no minimum retention"

test_a_minimum_below_the_required_one_is_a_fault if {
	lock.minimum_fault(6, 7) == "sets a minimum retention of 6, less than the required 7"
	not lock.minimum_fault(7, 7)
	not lock.minimum_fault(8, 7)
}

test_a_minimum_of_one_day_is_a_fault_even_where_no_more_is_required if {
	lock.minimum_fault(1, 1) == "sets a minimum retention of 1 day, which refuses nothing"
	lock.minimum_fault(1, 2) == "sets a minimum retention of 1, less than the required 2"
	not lock.minimum_fault(2, 1)
}

test_an_absent_maximum_is_a_fault if lock.maximum_fault(null, 60) == "sets no maximum retention"

test_a_maximum_above_the_limit_is_a_fault if {
	lock.maximum_fault(61, 60) == "sets a maximum retention of 61, more than the 60 that are allowed"
	not lock.maximum_fault(60, 60)
	not lock.maximum_fault(59, 60)
}

test_headroom_is_used_from_the_percentage_on if {
	not lock.headroom_used(53, 60, 90)
	lock.headroom_used(54, 60, 90)
	lock.headroom_used(61, 60, 90)
}

test_headroom_is_a_matter_of_numbers if {
	not lock.headroom_used(null, 60, 90)
	not lock.headroom_used(60, null, 90)
}

test_the_longest_retention_is_the_largest_number if {
	lock.longest([7, 30, 14]) == 30
	lock.longest([7]) == 7
}

test_nothing_is_longer_than_for_ever if lock.longest([36500, null, 7]) == null

test_there_is_no_longest_retention_of_none if not has_longest([])

has_longest(retentions) if {
	some days in [lock.longest(retentions)]
	days != 0
}
