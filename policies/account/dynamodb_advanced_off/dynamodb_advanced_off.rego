# METADATA
# title: DynamoDB needs advanced features that are off
# description: >-
#   Rules that back up DynamoDB tables copy their points, move them to cold storage, or write into a vault with a key of its
#   own. Without AWS Backup's advanced features for DynamoDB none of this happens to points of tables.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html
# custom:
#   severity: high
#   subject: account
#   reads:
#     - dynamodb.region
#     - dynamodb.advanced_features
#     - dynamodb.needed_by.plan
#     - dynamodb.needed_by.rule
#     - dynamodb.needed_by.what
#   spec: [S38, S40, S46, S93, S111]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports, CP-9(8): supports}
#     iso-27001-2022: {A.8.13: supports, A.8.24: supports}
#   blocks: [another_region, another_account]
#   remediation: Turn on protection and management of DynamoDB in the Region's settings, and make the points anew.
package backstop.account.dynamodb_advanced_off

import data.backstop.lib.text

applies if count(input.dynamodb) > 0

violations contains {"message": message, "at": "dynamodb.advanced_features", "for": place.region} if {
	some place in input.dynamodb
	not place.advanced_features
	rules := {sprintf("%s/%s", [need.plan, need.rule]) | some need in place.needed_by}
	needed := {what | some need in place.needed_by; some what in need.what}
	message := sprintf("In '%s' the advanced features for DynamoDB are off, and the rules %s need them for tables: %s.", [place.region, text.quoted(rules), concat(", ", sort(needed))])
}
