# METADATA
# title: Schedules
# description: How messages speak of times, and of the schedules of a plan's rules.
package backstop.lib.schedule

import data.backstop.lib.text

# Whether one of the rules runs at exactly the times of a canonical schedule.
runs_at(rules, wanted) if {
	some rule in rules
	rule.schedule.canonical == wanted
}

# When the rules run, after 'its rules'.
told(rules) := "never run" if count(canonical(rules)) == 0

told(rules) := sprintf("run at %s", [text.quoted(canonical(rules))]) if count(canonical(rules)) > 0

canonical(rules) := {rule.schedule.canonical | some rule in rules; is_string(rule.schedule.canonical)}

# Minutes, as a sentence says them: whole hours where they are some.
lasting(minutes) := "1 minute" if minutes == 1

lasting(minutes) := sprintf("%d minutes", [minutes]) if {
	minutes != 1
	minutes % 60 != 0
}

lasting(minutes) := "no time" if minutes == 0

lasting(minutes) := "1 hour" if minutes == 60

lasting(minutes) := sprintf("%d hours", [floor(minutes / 60)]) if {
	minutes % 60 == 0
	minutes > 60
}
