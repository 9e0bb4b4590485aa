// One email channel being fetched: its IMAP session or POP3 visits, turn by turn. A turn brings all
// folders up to date and leaves the session in IDLE. Owned by one thread at a time (desk/fetch
// schedules). Returns errors, does not log.
#pragma once

#include "desk/fetch_settings.h"
#include "desk/mail_intake.h"

typedef struct FetchMailbox FetchMailbox;

// Takes a reference of config; borrows the others, but for options. stopping is atomic: not 0 ends
// a turn soon. NULL with an error (invalid) for wrong settings, or for a channel whose mail is
// brought, not fetched (code "not_fetched").
FetchMailbox *fetch_mailbox_new(ChannelConfig *config, const FetchOptions *options,
                                MailIntake *intake, const gint *stopping,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void fetch_mailbox_free(FetchMailbox *mailbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FetchMailbox, fetch_mailbox_free)

const ChannelConfig *fetch_mailbox_config(const FetchMailbox *mailbox);

typedef struct {
    guint64 fetched;      // mails taken in this turn
    gint64 missing;       // mails that the server has and we could not take, by the ledger
    gboolean was_changed; // a folder had another UIDVALIDITY
    GError *problem; // a folder that is not there, while the others were fetched; owned, or NULL
    gint64 next_ms;  // when to take the next turn, if nothing happens before
} FetchTurn;

// Connects if need be, fetches, compares the ledger now and then, begins IDLE. On failure the
// session is closed. Blocks.
gboolean fetch_mailbox_turn(FetchMailbox *mailbox, FetchTurn *turn, GError **error);

// The socket to poll between turns, or -1.
int fetch_mailbox_socket(const FetchMailbox *mailbox);

// Between turns: does something wait to be fetched, or is the session lost? Does not block.
gboolean fetch_mailbox_has_news(FetchMailbox *mailbox);
