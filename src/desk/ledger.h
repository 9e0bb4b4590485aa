// The mailbox ledger: for every UID that the server lists we hold one intake row: stored,
// duplicate, quarantined or refused. Compares the two sides and names what is missing. Used by
// desk/fetch* after each synchronisation; its counts are shown by /channels/{id}/ledger. Fetches
// nothing.
#pragma once

#include <jansson.h>

#include "store/mailbox.h"

typedef struct {
    gint64 server; // = stored + duplicate + quarantined + refused + missing
    gint64 stored;
    gint64 duplicate;
    gint64 quarantined;
    gint64 refused;
    gint64 missing; // on the server, and no row here: an alarm
    gint64 gone;    // rows of mails that the server has no more: moved or deleted by others
} LedgerCounts;

// Pure. server: UIDs (guint32), rows: MailboxUid, both rising. Appends the missing UIDs to missing
// (of guint32) unless it is NULL.
LedgerCounts ledger_compare(const GArray *server, const GArray *rows, GArray *missing);

json_t *ledger_counts_to_json(const LedgerCounts *counts) G_GNUC_WARN_UNUSED_RESULT;

// The channel's folders with the counts of the last look: {"items": [{"folder", "looked_at",
// "uid_validity", "last_uid", "server", "stored", ...}]}. NULL with an error.
json_t *ledger_read(Db *db, Id channel_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
