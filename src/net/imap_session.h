// An IMAP client on a mail_stream: commands with tags of our own, answers read by imap_reader.
// Synchronous, one thread at a time. A session that returned an error other than not_found and
// conflict is dead: free it and open another. Used by desk/fetch*, desk/sent_folder and the live
// check.
#pragma once

#include "net/imap_response.h"
#include "net/mail_stream.h"

typedef struct ImapSession ImapSession;

typedef struct {
    const MailStreamLimits *stream; // NULL: the usual
    const ImapLimits *reader;       // NULL: the usual
} ImapSessionLimits;

// Connects, signs in, asks for capabilities. NULL with an error as mail_stream_open. limits may be
// NULL.
ImapSession *imap_session_open(const MailAccount *account, const ImapSessionLimits *limits,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
// Says LOGOUT without waiting, and closes.
void imap_session_free(ImapSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapSession, imap_session_free)

// "IDLE", "UIDPLUS", ... without regard to case.
gboolean imap_session_has(const ImapSession *session, const char *capability);
// All capabilities, separated by blanks. Borrowed.
const char *imap_session_capabilities(const ImapSession *session);

typedef struct {
    gint64 uid_validity;
    gint64 uid_next; // 0: not told
    gint64 exists;
} ImapFolder;

// Opens a folder for reading only (EXAMINE), or also to write. not_found when there is none of that
// name.
gboolean imap_session_select(ImapSession *session, const char *name, gboolean writable,
                             ImapFolder *folder, GError **error);

typedef struct {
    char *name;  // UTF-8
    char *flags; // "\HasNoChildren \Sent", lower case
} ImapListed;

void imap_listed_free(ImapListed *listed);

// All folders that can be opened, at most 10,000. Owned list of ImapListed.
GPtrArray *imap_session_list(ImapSession *session, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// All UIDs of the open folder from first on, rising. Owned list of guint32.
GArray *imap_session_list_uids(ImapSession *session, guint32 first,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    guint32 uid;
    gint64 size; // RFC822.SIZE
} ImapSize;

// The sizes of these mails (at most some thousands at once), rising by UID; those that have gone
// are left out. Owned list of ImapSize.
GArray *imap_session_list_sizes(ImapSession *session, const guint32 *uids, gsize count,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

// UIDs in the open folder of mails that bear this Message-ID (without <>). Owned list of guint32.
GArray *imap_session_find_message_id(ImapSession *session, const char *message_id,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Adds a mail with the flags ("\\Seen") and arrival time (INSTANT_NONE: the server's).
gboolean imap_session_append(ImapSession *session, const char *folder, const char *flags,
                             Instant arrived_at, GBytes *mail, GError **error);

// Begins IDLE on the open folder (RFC 2177); end it within 29 minutes. Until then only the three
// below may be called.
gboolean imap_session_idle_begin(ImapSession *session, GError **error);
// For poll(); read with imap_session_idle_look when it is readable, and once before the first poll.
int imap_session_socket(const ImapSession *session);
// Reads what has come without waiting. *has_news: the folder changed since it was opened or its
// UIDs were listed. FALSE with an error when the
// connection is lost.
gboolean imap_session_idle_look(ImapSession *session, gboolean *has_news, GError **error);
gboolean imap_session_idle_end(ImapSession *session, GError **error);

// Asks for a sign of life, and for what is new in the open folder.
gboolean imap_session_noop(ImapSession *session, GError **error);
