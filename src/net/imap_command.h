// How the files of net/imap_* speak on one session: send a command, hear its answers. Private to
// them.
#pragma once

#include "net/imap_session.h"

// Called for each untagged response of data (status NULL) or status while a command runs. Borrowed.
// FALSE with an error makes the session fail.
typedef gboolean (*ImapHeard)(const ImapResponse *response, gpointer data, GError **error);

typedef struct {
    ImapHeard heard; // NULL: ignore
    gpointer data;
} ImapListener;

struct ImapSession {
    MailStream *stream;
    ImapReader *reader;
    guint next_tag;
    GHashTable *capabilities; // capital words
    char *capability_line;
    guint idle_tag;    // 0: not idling
    gboolean has_news; // the folder changed since it was opened or listed
    gboolean is_dead;
};

// Sends "zN text CRLF" and gives N; 0 with an error. text may hold several lines only by way of
// literals, and is never made of unquoted outside data.
guint imap_command_send(ImapSession *session, const char *text, GError **error);

// EXISTS and EXPUNGE say that the open folder changed. imap_command_next does so by itself.
void imap_command_note_news(ImapSession *session, const ImapResponse *response);

// The next response, waiting for it. NULL with an error; "BYE" is an error.
ImapResponse *imap_command_next(ImapSession *session, GError **error);

// Hears responses until the one tagged tag. TRUE for OK; not_found or conflict with the server's
// words for NO and BAD.
gboolean imap_command_wait(ImapSession *session, guint tag, ImapListener listener, GError **error);

// Waits for "+". FALSE with an error, also when the server answers the tag first.
gboolean imap_command_wait_go(ImapSession *session, guint tag, GError **error);

// Send and wait.
gboolean imap_command_run(ImapSession *session, const char *text, ImapListener listener,
                          GError **error);

// TRUE when the response is the answer to tag; then *good says whether it was OK, with the error
// for NO and BAD.
gboolean imap_command_is_answer(const ImapResponse *response, guint tag, gboolean *good,
                                GError **error);
