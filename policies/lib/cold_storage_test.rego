package backstop.lib.cold_storage_test

import data.backstop.lib.cold_storage

test_a_point_stays_in_cold_storage_for_90_days if cold_storage.earliest_deletion(30) == 120

test_a_point_that_never_moves_has_no_earliest_deletion if not cold_storage.earliest_deletion(null)
