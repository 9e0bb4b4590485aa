// All that is held on a person, as a tar archive: customer.json, one JSON file a conversation with
// its messages, the files that came with them and the original mails. Used by api/personal_data.
// Reads only; from one snapshot where the reader allows it.
#pragma once

#include "store/store.h"

// Writes the archive to fd, which is a pipe or a file. Errors: not_found, unavailable (the reader
// of the pipe has gone).
gboolean personal_data_write(Store *store, Id customer_id, int fd, GError **error);
