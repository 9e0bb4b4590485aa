// One IMAP folder brought up to date over an open session: what is new is fetched, stored in
// batches with the cursor, and the ledger compared. Used by desk/fetch_mailbox. Blocks; returns
// errors.
#pragma once

#include "desk/ledger.h"
#include "desk/mail_intake.h"
#include "net/imap_session.h"

typedef struct {
    MailIntake *intake;
    ImapSession *session;
    Id channel_id;
    const char *folder;
    gint64 mail_limit;    // bytes: a larger mail is refused in the ledger with its size
    gboolean is_outbound; // a Sent folder
    gboolean is_careful;  // one mail a transaction: something in the folder could not be stored
    gboolean looks;       // compare the ledger, and fetch what is missing
    const gint *stopping; // atomic; not 0: end soon
} FetchFolder;

typedef struct {
    guint64 fetched;      // mails taken now
    gboolean was_changed; // UIDVALIDITY is another than last time: all was listed again
    LedgerCounts ledger;  // with looks, after missing ones were fetched
} FetchFolderResult;

// FALSE with an error; the session is then to be freed unless the error is not_found (no such
// folder). Cursor and mails that were committed stay.
gboolean fetch_folder(const FetchFolder *job, FetchFolderResult *result, GError **error);
