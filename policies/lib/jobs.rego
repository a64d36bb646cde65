# METADATA
# title: Jobs
# description: How messages tell of jobs that did not end well.
package backstop.lib.jobs

# The whole days since those of the jobs that ended within so many days.
recent(days_ago, within) := [ago | some ago in days_ago; ago < within]

ends := {
	"failed": "failed",
	"expired": "expired",
	"aborted": "ended aborted",
	"partial": "ended with a part of the data only",
	"issues": "completed with issues",
}

# '2 backup jobs of 'orders' failed within 7 days, the latest 3 days ago'; `recent` is not empty.
told(failure, recent, name, within) := sprintf("%s of '%s' %s within %d days, the latest %s", [
	counted(count(recent), failure.job),
	name,
	ends[failure.end],
	within,
	when(min(recent)),
])

counted(number, job) := sprintf("1 %s job", [job]) if number == 1

counted(number, job) := sprintf("%d %s jobs", [number, job]) if number != 1

when(ago) := "less than a day ago" if ago < 1

when(ago) := "1 day ago" if ago == 1

when(ago) := sprintf("%d days ago", [ago]) if ago > 1

# What follows: a cause and the rules to look at, as far as AWS's own words tell; then these.
because(failure) := sprintf(".%s", [said(failure.message)]) if failure.cause == null

because(failure) := sprintf(": %s%s (by AWS's list of messages of %s).%s", [failure.cause.words, rules(failure.cause.rules), failure.cause.read_on, said(failure.message)]) if failure.cause != null

rules(ids) := "" if count(ids) == 0

rules(ids) := sprintf("; see what %s reports", [concat(" or ", [sprintf("'%s'", [id]) | some id in ids])]) if count(ids) > 0

said(message) := "" if message == null

said(message) := sprintf(" AWS says: '%s'.", [trim_right(message, ". ")]) if is_string(message)

# Names a group of jobs for good: 'backup/failed/retention-outside-lock'.
named(failure) := concat("/", [failure.job, failure.end]) if failure.cause == null

named(failure) := concat("/", [failure.job, failure.end, failure.cause.id]) if failure.cause != null
