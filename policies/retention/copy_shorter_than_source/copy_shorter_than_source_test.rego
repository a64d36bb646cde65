package backstop.retention.copy_shorter_than_source_test

import data.backstop.retention.copy_shorter_than_source

copy(name, kept) := {
	"destination": {"arn": sprintf("arn:%s", [name]), "name": name},
	"lifecycle": {"delete_after_days": kept},
}

rule(kept, copies) := {"name": "daily", "lifecycle": {"delete_after_days": kept}, "copies": copies}

test_fails_one_day_below_the_source if {
	violations := copy_shorter_than_source.violations with input as rule(30, [copy("replica", 29)])
	violations == {{
		"message": "Rule 'daily' keeps its points for 30 days, but their copies in vault 'replica' only for 29 days.",
		"at": "copies.lifecycle.delete_after_days",
		"for": "arn:replica",
	}}
}

test_passes_at_the_retention_of_the_source_and_above if {
	every kept in [30, 31, null] {
		count(copy_shorter_than_source.violations) == 0 with input as rule(30, [copy("replica", kept)])
	}
}

test_fails_where_only_the_source_is_kept_for_ever if {
	count(copy_shorter_than_source.violations) == 1 with input as rule(null, [copy("replica", 365)])
	count(copy_shorter_than_source.violations) == 0 with input as rule(null, [copy("replica", null)])
}

test_tells_each_copy_that_is_too_short if {
	copies := [copy("a", 7), copy("b", 30), copy("c", 14)]
	{"arn:a", "arn:c"} == {violation["for"] | some violation in copy_shorter_than_source.violations} with input as rule(30, copies)
}

test_applies_where_there_are_copies if {
	copy_shorter_than_source.applies with input as rule(30, [copy("replica", 30)])
	not copy_shorter_than_source.applies with input as rule(30, [])
}
