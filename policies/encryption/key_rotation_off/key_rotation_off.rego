# METADATA
# title: Key rotation is off
# description: >-
#   Without automatic rotation, one set of key material encrypts every recovery point for as long as the key exists, and
#   whoever obtains it once can read them all.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
# custom:
#   severity: medium
#   subject: key
#   reads: [name, owner, can_rotate, rotation_enabled]
#   spec: [S111, S167]
#   frameworks:
#     nist-800-53-r5: {SC-12: supports}
#     iso-27001-2022: {A.8.24: supports}
#   remediation: Enable automatic rotation of the key.
package backstop.encryption.key_rotation_off

# KMS rotates symmetric keys whose material it made, and nobody else can rotate the keys of AWS.
applies if {
	input.owner == "customer"
	input.can_rotate
}

violations contains {"message": message, "at": "rotation_enabled"} if {
	not input.rotation_enabled
	message := sprintf("KMS does not rotate the material of key '%s'.", [input.name])
}
