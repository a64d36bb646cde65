package backstop.selection.opted_out_type_test

import data.backstop.selection.opted_out_type

input_of(reach) := {"name": "by-tag", "plan": "nightly", "reach": reach}


test_fails_for_each_type if {
	violations := opted_out_type.violations with input as input_of({"opted_out": [{"type": "EFS", "resources": 2}]})
	violations == {{
		"message": "Selection 'by-tag' of plan 'nightly' leaves out what it reaches of 'EFS' (2 in number): the type is not opted in in the Region.",
		"at": "reach.opted_out",
		"for": "EFS",
	}}
}

test_passes_where_nothing_is_lost if {
	count(opted_out_type.violations) == 0 with input as input_of({"opted_out": []})
}
