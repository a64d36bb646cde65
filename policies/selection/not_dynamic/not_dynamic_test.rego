package backstop.selection.not_dynamic_test

import data.backstop.selection.not_dynamic

input_of(reach) := {"name": "by-tag", "plan": "nightly", "reach": reach}


test_fails if {
	violations := not_dynamic.violations with input as input_of({"is_fixed_list": true})
	violations == {{"message": "Selection 'by-tag' of plan 'nightly' names single resources only: what is created later is not backed up by it.", "at": "reach.is_fixed_list"}}
}

test_passes_otherwise if {
	count(not_dynamic.violations) == 0 with input as input_of({"is_fixed_list": false})
}
