# METADATA
# title: Days
# description: Comparisons of retentions, in which null stands for ever.
package backstop.lib.days

# Whether points kept for `days` are kept for at least `minimum`.
at_least(days, _) if days == null

at_least(days, minimum) if {
	is_number(days)
	is_number(minimum)
	days >= minimum
}

# Whether `days` ends before `other` does.
shorter(days, other) if {
	is_number(days)
	other == null
}

shorter(days, other) if {
	is_number(days)
	is_number(other)
	days < other
}

# As a sentence says it: 'for 30 days', 'for ever'.
kept(days) := "for ever" if days == null

kept(days) := "for 1 day" if days == 1

kept(days) := sprintf("for %d days", [days]) if {
	is_number(days)
	days != 1
}
