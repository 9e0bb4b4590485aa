#include "net/imap_session.h"

#include <string.h>

#include "base/error.h"
#include "net/imap_command.h"
#include "net/imap_name.h"

#define FOLDERS_MAXIMUM 10000

static gboolean hear_capabilities(const ImapResponse *response, gpointer data, GError **error) {
    (void)error;
    ImapSession *session = data;
    if (response->status != NULL ||
        !imap_value_is(imap_values_at(response->values, 0), "CAPABILITY"))
        return TRUE;
    g_autoptr(GString) line = g_string_new(NULL);
    g_hash_table_remove_all(session->capabilities);
    for (guint at = 1; at < response->values->len; at++) {
        const ImapValue *value = imap_values_at(response->values, at);
        if (value->type != IMAP_ATOM)
            continue;
        g_hash_table_add(session->capabilities, g_ascii_strup(value->text, -1));
        g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "", value->text);
    }
    g_free(session->capability_line);
    session->capability_line = g_strdup(line->str);
    return TRUE;
}

ImapSession *imap_session_open(const MailAccount *account, const ImapSessionLimits *limits,
                               GError **error) {
    g_autoptr(ImapSession) session = g_new0(ImapSession, 1);
    session->capabilities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    session->capability_line = g_strdup("");
    session->reader = imap_reader_new(limits != NULL ? limits->reader : NULL);
    session->stream = mail_stream_open(account, limits != NULL ? limits->stream : NULL, error);
    ImapListener listener = {hear_capabilities, session};
    if (session->stream == NULL || !imap_command_run(session, "CAPABILITY", listener, error))
        return NULL;
    return g_steal_pointer(&session);
}

void imap_session_free(ImapSession *session) {
    if (session == NULL)
        return;
    if (session->stream != NULL && !session->is_dead && session->idle_tag == 0)
        imap_command_send(session, "LOGOUT", NULL);
    mail_stream_free(session->stream);
    imap_reader_free(session->reader);
    g_hash_table_unref(session->capabilities);
    g_free(session->capability_line);
    g_free(session);
}

gboolean imap_session_has(const ImapSession *session, const char *capability) {
    g_autofree char *key = g_ascii_strup(capability, -1);
    return g_hash_table_contains(session->capabilities, key);
}

const char *imap_session_capabilities(const ImapSession *session) {
    return session->capability_line;
}

static gboolean hear_folder(const ImapResponse *response, gpointer data, GError **error) {
    (void)error;
    ImapFolder *folder = data;
    const char *code = response->code;
    if (code != NULL && g_ascii_strncasecmp(code, "UIDVALIDITY ", 12) == 0)
        folder->uid_validity = g_ascii_strtoll(code + 12, NULL, 10);
    else if (code != NULL && g_ascii_strncasecmp(code, "UIDNEXT ", 8) == 0)
        folder->uid_next = g_ascii_strtoll(code + 8, NULL, 10);
    else if (response->status == NULL &&
             imap_value_is(imap_values_at(response->values, 1), "EXISTS"))
        imap_value_number(imap_values_at(response->values, 0), &folder->exists);
    return TRUE;
}

gboolean imap_session_select(ImapSession *session, const char *name, gboolean writable,
                             ImapFolder *folder, GError **error) {
    g_autofree char *encoded = imap_name_encode(name, error);
    g_autofree char *quoted = encoded == NULL ? NULL : imap_quote(encoded, error);
    if (quoted == NULL)
        return FALSE;
    *folder = (ImapFolder){0};
    g_autofree char *command = g_strdup_printf("%s %s", writable ? "SELECT" : "EXAMINE", quoted);
    gboolean is_open =
        imap_command_run(session, command, (ImapListener){hear_folder, folder}, error);
    session->has_news = FALSE; // all that is known now came with it
    return is_open;
}

void imap_listed_free(ImapListed *listed) {
    g_free(listed->name);
    g_free(listed->flags);
    g_free(listed);
}

static char *join_flags(const GPtrArray *values) {
    GString *flags = g_string_new(NULL);
    for (guint at = 0; at < values->len; at++) {
        const ImapValue *value = imap_values_at(values, at);
        if (value->type == IMAP_ATOM)
            g_string_append_printf(flags, "%s%s", flags->len > 0 ? " " : "", value->text);
    }
    char *low = g_ascii_strdown(flags->str, -1);
    g_string_free(flags, TRUE);
    return low;
}

static gboolean hear_list(const ImapResponse *response, gpointer data, GError **error) {
    (void)error;
    GPtrArray *found = data;
    const ImapValue *flags = imap_values_at(response->values, 1);
    if (response->status != NULL || !imap_value_is(imap_values_at(response->values, 0), "LIST") ||
        flags == NULL || flags->type != IMAP_LIST || found->len >= FOLDERS_MAXIMUM)
        return TRUE;
    g_autofree char *encoded = imap_value_dup_text(imap_values_at(response->values, 3));
    g_autofree char *words = join_flags(flags->values);
    if (encoded == NULL || strstr(words, "\\noselect") != NULL ||
        strstr(words, "\\nonexistent") != NULL)
        return TRUE;
    ImapListed *listed = g_new0(ImapListed, 1);
    listed->name = imap_name_decode(encoded);
    listed->flags = g_steal_pointer(&words);
    g_ptr_array_add(found, listed);
    return TRUE;
}

GPtrArray *imap_session_list(ImapSession *session, GError **error) {
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)imap_listed_free);
    if (!imap_command_run(session, "LIST \"\" \"*\"", (ImapListener){hear_list, found}, error))
        return NULL;
    return g_steal_pointer(&found);
}

static gboolean hear_search(const ImapResponse *response, gpointer data, GError **error) {
    (void)error;
    GArray *found = data;
    if (response->status != NULL || !imap_value_is(imap_values_at(response->values, 0), "SEARCH"))
        return TRUE;
    for (guint at = 1; at < response->values->len; at++) {
        gint64 number = 0;
        if (!imap_value_number(imap_values_at(response->values, at), &number) || number < 1 ||
            number > G_MAXUINT32)
            continue;
        guint32 uid = (guint32)number;
        g_array_append_val(found, uid);
    }
    return TRUE;
}

GArray *imap_session_find_message_id(ImapSession *session, const char *message_id, GError **error) {
    g_autofree char *quoted = imap_quote(message_id, error);
    if (quoted == NULL)
        return NULL;
    g_autofree char *command = g_strdup_printf("UID SEARCH HEADER Message-ID %s", quoted);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint32));
    if (!imap_command_run(session, command, (ImapListener){hear_search, found}, error))
        return NULL;
    return g_steal_pointer(&found);
}

gboolean imap_session_noop(ImapSession *session, GError **error) {
    return imap_command_run(session, "NOOP", (ImapListener){NULL, NULL}, error);
}

// A literal waits for "+" (no LITERAL+ needed), so that a refusal comes before the bytes.
gboolean imap_session_append(ImapSession *session, const char *folder, const char *flags,
                             Instant arrived_at, GBytes *mail, GError **error) {
    g_autofree char *encoded = imap_name_encode(folder, error);
    g_autofree char *quoted = encoded == NULL ? NULL : imap_quote(encoded, error);
    if (quoted == NULL)
        return FALSE;
    g_autofree char *date = arrived_at == INSTANT_NONE ? NULL : imap_date_format(arrived_at);
    g_autofree char *when = date == NULL ? g_strdup("") : g_strdup_printf("\"%s\" ", date);
    gsize length = 0;
    const void *bytes = g_bytes_get_data(mail, &length);
    g_autofree char *command =
        g_strdup_printf("APPEND %s (%s) %s{%" G_GSIZE_FORMAT "}", quoted, flags, when, length);
    guint tag = imap_command_send(session, command, error);
    if (tag == 0 || !imap_command_wait_go(session, tag, error))
        return FALSE;
    if (!mail_stream_send(session->stream, bytes, length, error) ||
        !mail_stream_send(session->stream, "\r\n", 2, error)) {
        session->is_dead = TRUE;
        return FALSE;
    }
    return imap_command_wait(session, tag, (ImapListener){NULL, NULL}, error);
}
