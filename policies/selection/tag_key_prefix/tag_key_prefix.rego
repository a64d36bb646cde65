# METADATA
# title: Tag key in the wrong form
# description: >-
#   ListOfTags wants the bare key of a tag, and Conditions want it with the prefix aws:ResourceTag/. In the other's
#   form the key is that of a tag that no resource has.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Condition.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ConditionParameter.html
# custom:
#   severity: medium
#   subject: selection
#   reads:
#     - name
#     - plan
#     - reach.prefixed_tag_keys
#     - reach.bare_condition_keys
#   spec: [S71, S72, S77]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#     nis2: {4.2.1: supports}
#   blocks: [here, another_region, another_account]
#   remediation: Write keys bare in ListOfTags, and as aws:ResourceTag/key in Conditions.
package backstop.selection.tag_key_prefix

violations contains {"message": message, "at": "reach.prefixed_tag_keys", "for": key} if {
	some key in input.reach.prefixed_tag_keys
	message := sprintf("Selection '%s' of plan '%s' lists the tag '%s': ListOfTags wants the bare key, and no resource has a tag of this name.", [input.name, input.plan, key])
}

violations contains {"message": message, "at": "reach.bare_condition_keys", "for": key} if {
	some key in input.reach.bare_condition_keys
	message := sprintf("Selection '%s' of plan '%s' has a condition on '%s', which should be 'aws:ResourceTag/%s'.", [input.name, input.plan, key, key])
}
