// Where fetching stands, a row for each folder of a channel: the cursor of IMAP (UIDVALIDITY and
// the last UID taken), the cursor of a poll, and what the last look at the server counted. Used by
// desk/fetch*, desk/ledger and desk/poller. The ledger itself is the intake table.
#pragma once

#include "store/db.h"

typedef struct {
    char *folder;
    gint64 uid_validity; // 0: never looked
    gint64 last_uid;
    char *cursor;      // or NULL
    char *counts;      // JSON of the last look (desk/ledger), or NULL
    Instant looked_at; // INSTANT_NONE: never
} Mailbox;

void mailbox_free(Mailbox *mailbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mailbox, mailbox_free)

// The row, or one of zeros where there is none. NULL with an error.
Mailbox *mailbox_read(Db *db, Id channel_id, const char *folder,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

// All of a channel, by folder. Owned list of Mailbox.
GPtrArray *mailbox_list(Db *db, Id channel_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Begins the folder (again) at this UIDVALIDITY, before its first UID. Writer only.
gboolean mailbox_begin(Db *db, Id channel_id, const char *folder, gint64 uid_validity,
                       GError **error);

// Moves the cursor, if it stands where the caller believes; else conflict, and the caller reads
// again. Writer only, in the transaction that stores the mails.
gboolean mailbox_advance(Db *db, Id channel_id, const char *folder, gint64 uid_validity,
                         gint64 from_uid, gint64 to_uid, GError **error);

// Notes the cursor of a poll (folder ""), in the transaction that stores what it brought. Writer
// only.
gboolean mailbox_set_cursor(Db *db, Id channel_id, const char *folder, const char *cursor,
                            GError **error);

// Writes down what a look found. Writer only.
gboolean mailbox_set_counts(Db *db, Id channel_id, const char *folder, gint64 server_count,
                            const char *counts, Instant looked_at, GError **error);

typedef struct {
    guint32 uid;
    char state; // first letter of the intake row's state: s d q r
} MailboxUid;

// The intake rows of one UIDVALIDITY of a folder, rising by UID: the ledger's side of the account.
// Owned list of MailboxUid.
GArray *mailbox_list_uids(Db *db, Id channel_id, const char *folder, gint64 uid_validity,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

// TRUE in *is_held when the channel has an intake row of that delivery key.
gboolean mailbox_holds_key(Db *db, Id channel_id, const char *delivery_key, gboolean *is_held,
                           GError **error);
