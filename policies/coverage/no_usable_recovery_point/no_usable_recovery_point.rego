# METADATA
# title: No recovery point can be restored
# description: >-
#   A plan selects the resource, and none of its recovery points in its own account and Region is complete, not expired
#   and under a key that decrypts. What looks protected cannot be brought back.
# related_resources:
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RecoveryPointByBackupVault.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
# custom:
#   severity: high
#   subject: resource
#   reads:
#     - selected_by
#     - recovery.here.points.none_usable.count
#     - recovery.here.points.none_usable.unfinished
#     - recovery.here.points.none_usable.expired
#     - recovery.here.points.none_usable.undecryptable
#   spec: [S150, S152, S158, S193]
#   frameworks:
#     nist-800-53-r5: {CP-9: supports}
#     iso-27001-2022: {A.8.13: supports}
#     soc-2: {A1.2: supports}
#     hipaa: {164.308(a)(7)(ii)(A): supports}
#   blocks: [here]
#   remediation: Read the status messages of the resource's backup jobs, mend their cause or the key, and back it up on demand.
package backstop.coverage.no_usable_recovery_point

import data.backstop.lib.text

applies if count(input.selected_by) > 0

violations contains {"message": message, "at": "recovery.here.points.none_usable"} if {
	input.recovery.here.points.none_usable != null
	input.recovery.here.points.none_usable.count == 0
	message := sprintf("%s, and there is no recovery point of it in its own account and Region.", [selected])
}

violations contains {"message": message, "at": "recovery.here.points.none_usable"} if {
	input.recovery.here.points.none_usable != null
	none := input.recovery.here.points.none_usable
	none.count > 0
	faults := [
		sprintf("never completed: %d", [none.unfinished]),
		sprintf("expired or being deleted: %d", [none.expired]),
		sprintf("under a key that does not decrypt: %d", [none.undecryptable]),
	]
	message := sprintf("%s, and none of its recovery points in its own account and Region can be restored (%s).", [selected, concat(", ", faults)])
}

selected := sprintf("Plan %s selects it", [text.quoted(input.selected_by)]) if count(input.selected_by) == 1

selected := sprintf("Plans %s select it", [text.quoted(input.selected_by)]) if count(input.selected_by) > 1
