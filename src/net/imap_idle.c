#include <string.h>

#include "base/error.h"
#include "net/imap_command.h"

gboolean imap_session_idle_begin(ImapSession *session, GError **error) {
    guint tag = imap_command_send(session, "IDLE", error);
    if (tag == 0 || !imap_command_wait_go(session, tag, error))
        return FALSE;
    session->idle_tag = tag;
    return TRUE;
}

int imap_session_socket(const ImapSession *session) {
    return mail_stream_socket(session->stream);
}

// Looks at the responses that are whole. FALSE with an error for garbage and BYE.
static gboolean look_at_responses(ImapSession *session, GError **error) {
    GError *failure = NULL;
    ImapResponse *response = NULL;
    while ((response = imap_reader_next(session->reader, &failure)) != NULL) {
        if (g_strcmp0(response->status, "BYE") == 0)
            error_set(&failure, ERROR_UPSTREAM, "mail_server_bye",
                      "The mail server ended the session.");
        imap_command_note_news(session, response);
        imap_response_free(response);
        if (failure != NULL)
            break;
    }
    if (failure == NULL)
        return TRUE;
    session->is_dead = TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

gboolean imap_session_idle_look(ImapSession *session, gboolean *has_news, GError **error) {
    gboolean closed = FALSE;
    gsize length = 0;
    do {
        gsize size = 0;
        void *room = imap_reader_room(session->reader, &size);
        length = mail_stream_receive_now(session->stream, room, size, &closed);
        imap_reader_advance(session->reader, length);
        if (!look_at_responses(session, error))
            return FALSE;
    } while (length > 0 && !session->has_news);
    *has_news = session->has_news;
    if (!closed)
        return TRUE;
    session->is_dead = TRUE;
    error_set(error, ERROR_UPSTREAM, "mail_server_lost", "The mail server closed the connection.");
    return FALSE;
}

gboolean imap_session_idle_end(ImapSession *session, GError **error) {
    guint tag = session->idle_tag;
    session->idle_tag = 0;
    if (!mail_stream_send(session->stream, "DONE\r\n", 6, error)) {
        session->is_dead = TRUE;
        return FALSE;
    }
    return imap_command_wait(session, tag, (ImapListener){NULL, NULL}, error);
}
