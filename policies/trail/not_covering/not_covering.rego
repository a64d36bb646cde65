# METADATA
# title: No trail writes down what is done to backups
# description: >-
#   Who deleted a recovery point, shortened a retention or removed a lock is known from CloudTrail's management events. Only
#   a trail of all Regions that is logging, and takes the events that change something, keeps them for longer than 90 days.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/logging-using-cloudtrail.html
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html
# custom:
#   severity: medium
#   subject: account
#   reads: [name, trails.region, trails.covered, trails.short.trail, trails.short.fault]
#   spec: [S177]
#   remediation: Start a trail of all Regions that takes all management events.
package backstop.trail.not_covering

lacks := {
	"one_region": "logs one Region only",
	"not_logging": "is not logging",
	"selectors": "leaves out management events that change something, or AWS Backup's",
}

reasons(trails) := "there is none" if count(trails) == 0

reasons(trails) := concat(", ", [sprintf("'%s' %s", [one.trail, lacks[one.fault]]) | some one in trails]) if count(trails) > 0

violations contains {"message": message, "at": "trails.covered", "for": place.region} if {
	some place in input.trails
	not place.covered
	message := sprintf("No trail of all Regions writes down what is done to backups of account '%s' in '%s': %s.", [input.name, place.region, reasons(place.short)])
}
