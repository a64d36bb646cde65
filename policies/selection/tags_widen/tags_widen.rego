# METADATA
# title: Tags that widen what they seem to filter
# description: >-
#   Resources and ListOfTags together select what either of them matches, and several entries of ListOfTags select
#   what any of them matches. Written as a filter, such a selection backs up far more than was meant, or other things
#   than were meant.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Condition.html
# custom:
#   severity: medium
#   subject: selection
#   reads:
#     - name
#     - plan
#     - resources
#     - reach.tag_keys
#   spec: [S71, S72, S77]
#   frameworks: {}
#   remediation: Write tags that all must hold as Conditions.
package backstop.selection.tags_widen

import data.backstop.lib.text

violations contains {"message": message, "at": "resources"} if {
	count(input.resources) > 0
	count(input.reach.tag_keys) > 0
	message := sprintf("Selection '%s' of plan '%s' has both resources and a list of tags: it selects all of the resources, and whatever carries one of the tags.", [input.name, input.plan])
}

violations contains {"message": message, "at": "reach.tag_keys"} if {
	count(input.reach.tag_keys) > 1
	message := sprintf("Selection '%s' of plan '%s' lists the tags %s: one of them is enough to be selected.", [input.name, input.plan, text.quoted(input.reach.tag_keys)])
}
