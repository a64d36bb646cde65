package backstop.selection.unbounded_test

import data.backstop.selection.unbounded

input_of(reach) := {"name": "by-tag", "plan": "nightly", "reach": reach}


test_fails if {
	violations := unbounded.violations with input as input_of({"is_unbounded": true})
	violations == {{"message": "Selection 'by-tag' of plan 'nightly' takes everything in the account: no type and no condition narrows it.", "at": "reach.is_unbounded"}}
}

test_passes_otherwise if {
	count(unbounded.violations) == 0 with input as input_of({"is_unbounded": false})
}
