# METADATA
# title: Replica shares the primary vault's key
# description: >-
#   A copy is as safe as the key it is encrypted with. Where one key serves vault and replica, losing it loses both. The
#   Regional replicas of a multi-Region key share their key material: what one of them decrypts, so does the other.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
#   - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
# custom:
#   severity: high
#   subject: vault
#   reads: [name, key.identity, replicas.name, replicas.region, replicas.key_identity]
#   spec: [S40, S118, S169]
#   frameworks:
#     nist-800-53-r5: {SC-12(1): supports}
#     iso-27001-2022: {A.8.24: supports}
#   remediation: Create the replica vault anew with a key of its own, made in its Region.
package backstop.encryption.replica_key_not_independent

# There is a key, and a vault to share it with.
applies if {
	input.key.identity
	some replica in input.replicas
	replica.name
}

# The identity of a single-Region key is its ARN, that of a multi-Region key its id.
shared(identity) := "multi-Region key" if startswith(identity, "mrk-")

shared(identity) := "key" if not startswith(identity, "mrk-")

violations contains {"message": message, "at": "replicas.key_identity", "for": identity} if {
	some replica in input.replicas
	replica.key_identity == input.key.identity
	identity := sprintf("%s/%s", [replica.region, replica.name])
	message := sprintf("Vault '%s' and its replica '%s' in '%s' depend on one %s, '%s'.", [input.name, replica.name, replica.region, shared(input.key.identity), input.key.identity])
}
