// The outbox: sends what reply_write queued, by smtp threads and the HTTP client, and records what
// became of it (reliability.md 1). An attempt is claimed, then committed as sending before its
// first byte, then settled; what a crash leaves in sending is unknown and never sent again by
// itself. Its own thread looks for due rows after each commit and when they fall due.
#pragma once

#include "desk/channel_directory.h"
#include "net/http_client.h"
#include "store/store.h"

typedef struct Outbox Outbox;

typedef struct {
    gboolean allow_private; // mail servers on private addresses (conf allow_private_addresses)
    const char *ca_file;    // "" or NULL: the system's authorities
    guint smtp_threads;     // 0: 4
} OutboxOptions;

// Borrows all but the options. Settles first what a crash left behind; then begins at once. NULL
// with an error (unavailable).
Outbox *outbox_new(Store *store, ChannelDirectory *channels, HttpClient *http,
                   const OutboxOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Claims nothing more and waits up to 10 s for what is being sent. FALSE when something still is:
// then nothing may be freed that it uses, and the process must end.
gboolean outbox_stop(Outbox *outbox);
void outbox_free(Outbox *outbox); // after outbox_stop was TRUE

// There may be something to send. Any thread; quick.
void outbox_wake(Outbox *outbox);

// Looks for a mail whose outcome is unknown in the channel's Sent folder, and records it as sent
// when it stands there. Blocks on IMAP: work threads. conflict where it is not unknown or the
// channel has no such folder, upstream when the server could not be asked.
gboolean outbox_look_up(Outbox *outbox, Id message_id, gboolean *found, GError **error);
