# METADATA
# title: Keys
# description: How messages speak of what depends on a key.
package backstop.lib.key

import data.backstop.lib.text

# One or more vaults by name, in the middle of a sentence.
vaults(names) := sprintf("vault %s", [text.quoted(names)]) if count(names) == 1

vaults(names) := sprintf("vaults %s", [text.quoted(names)]) if count(names) > 1
