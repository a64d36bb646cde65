# METADATA
# title: Cold storage
# description: What AWS Backup asks of a lifecycle that moves points to cold storage.
package backstop.lib.cold_storage

# The first day on which a point that moves to cold storage on day `transition` may be deleted: it stays there for 90
# days at least. Undefined where there is no transition.
earliest_deletion(transition) := transition + 90 if is_number(transition)
