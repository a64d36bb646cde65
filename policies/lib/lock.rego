# METADATA
# title: Locks
# description: What a vault's lock refuses, and what is wrong with its range.
package backstop.lib.lock

# Whether there is a lock at all.
locked(mode) if mode in {"governance", "compliance_grace", "immutable"}

# Whether a vault whose lock has the bounds `minimum` and `maximum` (null: no bound) refuses points kept for `days`
# (null: for ever). The text says which bound.
refusal(minimum, _, days) := sprintf("less than the minimum of %d", [minimum]) if {
	is_number(minimum)
	is_number(days)
	days < minimum
}

refusal(_, maximum, days) := sprintf("more than the maximum of %d", [maximum]) if {
	is_number(maximum)
	is_number(days)
	days > maximum
}

refusal(_, maximum, days) := sprintf("more than the maximum of %d", [maximum]) if {
	is_number(maximum)
	days == null
}

# What is wrong with a lock's minimum, where anything is, after 'the lock'.
minimum_fault(minimum, _) := "sets no minimum retention" if minimum == null

minimum_fault(minimum, required) := sprintf("sets a minimum retention of %d, less than the required %d", [minimum, required]) if {
	is_number(minimum)
	minimum < required
}

# Every retention is at least a day (API: Lifecycle), so that this minimum refuses nothing.
minimum_fault(minimum, required) := "sets a minimum retention of 1 day, which refuses nothing" if {
	minimum == 1
	minimum >= required
}

# What is wrong with a lock's maximum, where anything is, after 'the lock'.
maximum_fault(maximum, _) := "sets no maximum retention" if maximum == null

maximum_fault(maximum, limit) := sprintf("sets a maximum retention of %d, more than the %d that are allowed", [maximum, limit]) if {
	is_number(maximum)
	maximum > limit
}

# Whether points kept for `days` use up `percent` per cent of the range that ends at `maximum`.
headroom_used(days, maximum, percent) if {
	is_number(days)
	is_number(maximum)
	days * 100 >= maximum * percent
}

# The longest of some retentions, null where one of them is for ever. Undefined where there is none.
longest(retentions) := null if null in retentions

longest(retentions) := max(retentions) if {
	not null in retentions
	count(retentions) > 0
}
