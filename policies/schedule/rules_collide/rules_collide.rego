# METADATA
# title: Backup rules of a plan collide
# description: >-
#   Start windows of two rules overlap, and AWS Backup then takes the backup of only one of them; or a run may still be active
#   when the next must have started, which expires, since AWS Backup runs one job at a time on a resource.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html
# custom:
#   severity: medium
#   subject: plan
#   reads: [name, collisions]
#   spec: [S52, S53, S54, S59, S60, S61]
#   frameworks:
#     nist-800-53-r5: {CP-9: precedes}
#     iso-27001-2022: {A.8.13: precedes}
#     soc-2: {A1.2: precedes}
#   remediation: Move one of the rules until the windows of the other are over, or shorten the windows.
package backstop.schedule.rules_collide

import data.backstop.lib.schedule

violations contains {"message": message, "at": "collisions", "for": pair} if {
	some collision in input.collisions
	collision.kind == "start_windows_overlap"
	pair := sprintf("%s / %s", [collision.first, collision.second])
	message := sprintf("The start windows of rules '%s' and '%s' of plan '%s' overlap, next at %s UTC: AWS Backup takes %s.", [collision.first, collision.second, input.name, collision.on, outcome(collision)])
}

violations contains {"message": message, "at": "collisions", "for": pair} if {
	some collision in input.collisions
	collision.kind == "still_active"
	pair := sprintf("%s / %s", [collision.first, collision.second])
	message := sprintf("A backup of rule '%s' of plan '%s' may be active until %s after it was due, and %s must have started after %s, next at %s UTC: where it cannot, it expires.", [collision.first, input.name, schedule.lasting(collision.ends_after_minutes), next(collision), schedule.lasting(collision.must_start_after_minutes), collision.on])
}

outcome(collision) := sprintf("only that of '%s', which is kept longer", [collision.taken]) if is_string(collision.taken)

outcome(collision) := "only one of the two backups" if collision.taken == null

next(collision) := "its next one" if collision.first == collision.second

next(collision) := sprintf("that of rule '%s'", [collision.second]) if collision.first != collision.second
