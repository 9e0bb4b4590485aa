// Forgetting a person, or one message: what is said goes, ids and instants stay, so that figures
// stay as they are (doc/decisions/0090). It is begun in one job, which makes the person nameless at
// once, and goes on in bounded jobs; a crash in between costs nothing but time. Afterwards the
// words are merged out of the index, free pages are overwritten, files removed and the log emptied:
// then nothing of it is on the disk. Backups are not touched.
#pragma once

#include "desk/customer_change.h"
#include "store/store.h"

// Begins it for the customer that stands for this id; with an event and an audit row. Writer jobs.
// Errors: not_found (customer_unknown).
gboolean erasure_begin_customer(Db *db, Id customer_id, CustomerActor who, Id *erasure_id,
                                GError **error);

// The same for one message. Errors: not_found (message_unknown).
gboolean erasure_begin_message(Db *db, Id message_id, CustomerActor who, Id *erasure_id,
                               GError **error);

// What somebody else emptied (retention) must still be purged. Writer jobs.
gboolean erasure_begin_purge(Db *db, gint64 message_count, GError **error);

// Does all that is to be done now, job after job. Any thread but the writer's; one at a time.
gboolean erasure_work(Store *store, GError **error);
