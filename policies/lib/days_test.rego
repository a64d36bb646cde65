package backstop.lib.days_test

import data.backstop.lib.days

test_at_least_holds_from_the_minimum_on if {
	not days.at_least(29, 30)
	days.at_least(30, 30)
	days.at_least(31, 30)
}

test_for_ever_is_at_least_anything if days.at_least(null, 36500)

test_nothing_but_for_ever_is_at_least_for_ever if not days.at_least(36500, null)

test_shorter_ends_at_equality if {
	days.shorter(29, 30)
	not days.shorter(30, 30)
	not days.shorter(31, 30)
}

test_every_number_of_days_is_shorter_than_for_ever if days.shorter(36500, null)

test_for_ever_is_shorter_than_nothing if {
	not days.shorter(null, 1)
	not days.shorter(null, null)
}

test_a_sentence_says_for_ever_one_day_and_many_days if {
	days.kept(null) == "for ever"
	days.kept(1) == "for 1 day"
	days.kept(2) == "for 2 days"
}
