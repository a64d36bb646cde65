package backstop.selection.conditions_only_test

import data.backstop.selection.conditions_only

input_of(reach) := {"name": "by-tag", "plan": "nightly", "reach": reach}


test_fails if {
	violations := conditions_only.violations with input as input_of({"has_conditions_only": true})
	violations == {{"message": "Selection 'by-tag' of plan 'nightly' has conditions and neither resources nor tags, which AWS Backup refuses.", "at": "reach.has_conditions_only"}}
}

test_passes_otherwise if {
	count(conditions_only.violations) == 0 with input as input_of({"has_conditions_only": false})
}
