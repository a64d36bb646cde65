# METADATA
# title: Text
# description: How messages list names.
package backstop.lib.text

# Names, each in single quotes, in their order: 'EBS', 'RDS'.
quoted(names) := concat(", ", [sprintf("'%s'", [name]) | some name in sort(names)])
