package backstop.encryption.replica_key_not_independent_test

import data.backstop.encryption.replica_key_not_independent as rule

primary := "arn:aws:kms:eu-central-1:111122223333:key/1"

shared := "mrk-1234abcd12ab34cd56ef1234567890ab"

replica(name, identity) := {"name": name, "region": "eu-west-1", "key_identity": identity}

vault(identity, replicas) := {"name": "main", "key": {"identity": identity}, "replicas": replicas}

test_passes_with_a_key_of_its_own if {
	separate := vault(primary, [replica("copy", "arn:aws:kms:eu-west-1:111122223333:key/2")])
	rule.applies with input as separate
	count(rule.violations) == 0 with input as separate
}

test_passes_with_two_multi_region_keys if {
	count(rule.violations) == 0 with input as vault(shared, [replica("copy", "mrk-2")])
}

test_fails_with_one_multi_region_key if {
	rule.violations == {{
		"message": "Vault 'main' and its replica 'copy' in 'eu-west-1' depend on one multi-Region key, 'mrk-1234abcd12ab34cd56ef1234567890ab'.",
		"at": "replicas.key_identity",
		"for": "eu-west-1/copy",
	}} with input as vault(shared, [replica("copy", shared)])
}

test_fails_with_one_key if {
	rule.violations == {{
		"message": "Vault 'main' and its replica 'copy' in 'eu-west-1' depend on one key, 'arn:aws:kms:eu-central-1:111122223333:key/1'.",
		"at": "replicas.key_identity",
		"for": "eu-west-1/copy",
	}} with input as vault(primary, [replica("copy", primary)])
}

test_every_replica_is_told_by_itself if {
	replicas := [replica("one", shared), replica("two", shared), replica("three", primary)]
	{violation["for"] | some violation in rule.violations} == {"eu-west-1/one", "eu-west-1/two"} with input as vault(shared, replicas)
}

test_a_replica_that_names_no_key_shares_none if {
	count(rule.violations) == 0 with input as vault(primary, [replica("copy", null)])
}

test_does_not_apply_without_replicas if {
	not rule.applies with input as vault(primary, [])
}

test_does_not_apply_where_the_vault_names_no_key if {
	keyless := {"name": "main", "key": null, "replicas": [replica("copy", null)]}
	not rule.applies with input as keyless
	count(rule.violations) == 0 with input as keyless
}
