// Fetches the mail of all email channels: a watching thread for the idle sessions and due times, a
// few working threads for turns (desk/fetch_mailbox). A mailbox that fails waits longer each time,
// on threads of its own, so that it never holds up another (reliability.md F8-F13). Sets the
// channels' states and logs.
#pragma once

#include "desk/channel_directory.h"
#include "desk/fetch_settings.h"
#include "desk/mail_intake.h"

typedef struct Fetch Fetch;

// Borrows both; options->ca_file too. Begins at once, and follows the directory.
Fetch *fetch_new(ChannelDirectory *channels, MailIntake *intake,
                 const FetchOptions *options) G_GNUC_WARN_UNUSED_RESULT;

// Ends all sessions within a second or two.
void fetch_free(Fetch *fetch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fetch, fetch_free)

// The next turn of that channel is now. Any thread.
void fetch_wake(Fetch *fetch, Id channel_id);

// How long to wait after so many failures in a row, in milliseconds. chance is 0 .. 1 (jitter).
// Pure. From some seconds to 15 minutes; after a refused sign-in from a minute to an hour.
gint64 fetch_backoff(guint failures, gboolean is_sign_in, double chance);
