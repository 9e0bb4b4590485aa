#include "net/imap_command.h"

#include <string.h>

#include "base/error.h"

guint imap_command_send(ImapSession *session, const char *text, GError **error) {
    guint tag = ++session->next_tag;
    g_autofree char *line = g_strdup_printf("z%u %s\r\n", tag, text);
    if (mail_stream_send(session->stream, line, strlen(line), error))
        return tag;
    session->is_dead = TRUE;
    return 0;
}

static gboolean receive(ImapSession *session, GError **error) {
    gsize size = 0;
    void *room = imap_reader_room(session->reader, &size);
    gsize length = mail_stream_receive(session->stream, room, size, error);
    imap_reader_advance(session->reader, length);
    return length > 0;
}

void imap_command_note_news(ImapSession *session, const ImapResponse *response) {
    const ImapValue *word = imap_values_at(response->values, 1);
    if (response->status == NULL && g_str_equal(response->tag, "*") &&
        (imap_value_is(word, "EXISTS") || imap_value_is(word, "EXPUNGE")))
        session->has_news = TRUE;
}

ImapResponse *imap_command_next(ImapSession *session, GError **error) {
    for (;;) {
        GError *failure = NULL;
        g_autoptr(ImapResponse) response = imap_reader_next(session->reader, &failure);
        if (response != NULL && g_strcmp0(response->status, "BYE") == 0)
            error_set(&failure, ERROR_UPSTREAM, "mail_server_bye",
                      "The mail server ended the session.");
        else if (response != NULL) {
            imap_command_note_news(session, response);
            return g_steal_pointer(&response);
        }
        if (failure == NULL && receive(session, &failure))
            continue;
        session->is_dead = TRUE;
        g_propagate_error(error, failure);
        return NULL;
    }
}

// The server's words as part of our one-line message.
static char *words_of(const ImapResponse *response) {
    g_autofree char *valid = g_utf8_make_valid(response->text, -1);
    for (char *at = valid; *at != '\0'; at++)
        if ((guchar)*at < 0x20 || *at == 0x7f)
            *at = ' ';
    return g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), 200));
}

gboolean imap_command_is_answer(const ImapResponse *response, guint tag, gboolean *good,
                                GError **error) {
    if (response->tag[0] != 'z' || response->status == NULL ||
        g_ascii_strtoull(response->tag + 1, NULL, 10) != tag)
        return FALSE;
    *good = g_str_equal(response->status, "OK");
    if (*good)
        return TRUE;
    g_autofree char *words = words_of(response);
    gboolean is_no = g_str_equal(response->status, "NO");
    error_set(error, is_no ? ERROR_NOT_FOUND : ERROR_CONFLICT, is_no ? "imap_no" : "imap_bad",
              "The mail server refused: %s", words);
    return TRUE;
}

gboolean imap_command_wait(ImapSession *session, guint tag, ImapListener listener, GError **error) {
    for (;;) {
        g_autoptr(ImapResponse) response = imap_command_next(session, error);
        gboolean is_good = FALSE;
        if (response == NULL)
            return FALSE;
        if (imap_command_is_answer(response, tag, &is_good, error))
            return is_good;
        if (listener.heard == NULL || listener.heard(response, listener.data, error))
            continue;
        session->is_dead = TRUE;
        return FALSE;
    }
}

gboolean imap_command_wait_go(ImapSession *session, guint tag, GError **error) {
    for (;;) {
        g_autoptr(ImapResponse) response = imap_command_next(session, error);
        gboolean is_good = FALSE;
        if (response == NULL)
            return FALSE;
        if (g_str_equal(response->tag, "+"))
            return TRUE;
        if (!imap_command_is_answer(response, tag, &is_good, error))
            continue;
        if (is_good)
            error_set(error, ERROR_UPSTREAM, "imap_garbage",
                      "The mail server sent an answer that does not belong here.");
        return FALSE;
    }
}

gboolean imap_command_run(ImapSession *session, const char *text, ImapListener listener,
                          GError **error) {
    guint tag = imap_command_send(session, text, error);
    return tag != 0 && imap_command_wait(session, tag, listener, error);
}
