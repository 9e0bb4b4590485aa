// Whole mails from the open folder, pipelined: sets of UIDs of bounded count and bytes, a few FETCH
// commands in flight (channels.md 17.6). BODY.PEEK: nothing becomes \Seen.
#pragma once

#include "net/imap_session.h"

typedef struct {
    guint32 uid;
    Instant arrived_at; // INTERNALDATE, INSTANT_NONE when the server told none
    gint64 size;        // RFC822.SIZE, or of bytes
    GBytes *bytes;      // the mail; NULL: the server would not give it (NIL)
} ImapMail;

// Called for each mail as it comes, on the calling thread; mail is borrowed. May block: the server
// then waits. FALSE with an error ends the fetch (and the session).
typedef gboolean (*ImapFetched)(const ImapMail *mail, gpointer data, GError **error);

typedef struct {
    guint in_flight; // FETCH commands: 4
    guint uids;      // of one FETCH: 100
    gint64 bytes;    // of one FETCH: 8 MiB; a larger mail goes alone
} ImapFetchLimits;

extern const ImapFetchLimits imap_fetch_limits;

// wanted is of ImapSize, rising by UID. Mails that have gone meanwhile are not reported. On error
// imap_literal_too_large, *culprit says which mail it was (uid 0: not known) and how large it was
// declared. limits NULL: the usual.
gboolean imap_session_fetch(ImapSession *session, GArray *wanted, const ImapFetchLimits *limits,
                            ImapFetched fetched, gpointer data, ImapSize *culprit, GError **error);
