// Rows of web hooks out, with their sealed secrets. Used by desk/webhook*.c and the API's reads.
// Records no events and checks nothing: desk/webhook_admin.h does.
#pragma once

#include "base/secret.h"
#include "model/webhook.h"
#include "store/db.h"

// Grows with every change of a hook in this process: whoever keeps them knows when to read again.
guint webhook_changes(void);

// All that were not removed, by name. Owned list of Webhook.
GPtrArray *webhook_list(Db *db, const SecretKey *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// NULL with an error (not found: webhook_unknown).
Webhook *webhook_get(Db *db, const SecretKey *key, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Writer jobs. change: the version must still be the hook's (precondition: version_conflict), and
// its state begins anew: no reason, not failing.
gboolean webhook_add(Db *db, const SecretKey *key, const Webhook *webhook, GError **error);
gboolean webhook_change(Db *db, const SecretKey *key, const Webhook *webhook, GError **error);
gboolean webhook_remove(Db *db, Id id, Instant now, GError **error);

// Writer jobs of the sender.
gboolean webhook_disable(Db *db, Id id, const char *reason, GError **error);
gboolean webhook_set_failing(Db *db, Id id, Instant since, GError **error); // INSTANT_NONE: well
gboolean webhook_move_on(Db *db, Id id, gint64 event_seq, GError **error);
