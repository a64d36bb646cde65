package backstop.selection.selects_nothing_test

import data.backstop.selection.selects_nothing

input_of(reach) := {"name": "by-tag", "plan": "nightly", "reach": reach}


test_fails_where_it_selects_nothing if {
	violations := selects_nothing.violations with input as input_of({"selects_something": false})
	violations == {{
		"message": "Selection 'by-tag' of plan 'nightly' selects no resource of its account and Region.",
		"at": "reach.selects_something",
	}}
}

test_passes_where_it_selects_something if {
	count(selects_nothing.violations) == 0 with input as input_of({"selects_something": true})
}
