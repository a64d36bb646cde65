# METADATA
# title: Recovery point outlives its resource or plan
# description: >-
#   The resource that the point was made of, or the plan that made it, is no longer there. Nobody decides any more how long
#   such points are needed, and no rule will ever follow them with newer ones.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/deleting-backups.html
# custom:
#   severity: low
#   subject: recovery_point
#   reads: [source.resource_exists, source.plan_exists]
#   spec: [S47]
#   frameworks:
#     iso-27001-2022: {A.8.10: supports}
#     soc-2: {C1.2: supports}
#   remediation: Decide how long the point is still needed, and give it that lifecycle, or delete it.
package backstop.recovery_point.orphaned

violations contains {"message": message, "at": "source.resource_exists"} if {
	not input.source.resource_exists
	message := "The resource of the recovery point is no longer there: the point is all that is left of it."
}

# Null: no plan made it.
violations contains {"message": message, "at": "source.plan_exists"} if {
	input.source.plan_exists == false
	message := "The plan that made the recovery point is no longer there: nobody decides any more how long the point is kept."
}
