package backstop.lib.key_test

import data.backstop.lib.key

test_one_vault_is_singular if key.vaults(["main"]) == "vault 'main'"

test_several_vaults_are_plural if key.vaults(["archive", "main"]) == "vaults 'archive', 'main'"
