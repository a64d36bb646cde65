package backstop.recovery_point.orphaned_test

import data.backstop.recovery_point.orphaned

point(resource, plan) := {"source": {"resource_exists": resource, "plan_exists": plan}}

test_fails_where_the_resource_is_gone if {
	orphaned.violations == {{
		"message": "The resource of the recovery point is no longer there: the point is all that is left of it.",
		"at": "source.resource_exists",
	}} with input as point(false, true)
}

test_fails_where_the_plan_is_gone if {
	orphaned.violations == {{
		"message": "The plan that made the recovery point is no longer there: nobody decides any more how long the point is kept.",
		"at": "source.plan_exists",
	}} with input as point(true, false)
}

test_tells_both if {
	count(orphaned.violations) == 2 with input as point(false, false)
}

test_passes_where_both_are_there_or_no_plan_made_it if {
	every plan in [true, null] {
		count(orphaned.violations) == 0 with input as point(true, plan)
	}
}
