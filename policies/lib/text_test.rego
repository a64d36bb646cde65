package backstop.lib.text_test

import data.backstop.lib.text

test_names_are_quoted_in_their_order if text.quoted({"RDS", "EBS"}) == "'EBS', 'RDS'"

test_one_name_stands_alone if text.quoted({"EBS"}) == "'EBS'"
