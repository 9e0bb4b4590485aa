#include "net/pop3.h"

#include <string.h>

#include "base/error.h"
#include "net/mail_curl.h"

#define LISTING_MAXIMUM (32u << 20)
#define UIDL_MAXIMUM 70 // RFC 1939 7

struct Pop3Session {
    CURL *curl;
    MailAccount *account;
    GPtrArray *mails;
};

typedef struct {
    GByteArray *bytes;
    gsize limit;
    gboolean is_over;
} Taking;

static void mail_free(Pop3Mail *mail) {
    g_free(mail->uidl);
    g_free(mail);
}

static gboolean is_uidl(const char *text) {
    gsize length = strlen(text);
    if (length == 0 || length > UIDL_MAXIMUM)
        return FALSE;
    for (; *text != '\0'; text++)
        if (*text < 0x21 || *text > 0x7e)
            return FALSE;
    return TRUE;
}

static gboolean split_line(const char *line, guint32 *number, char **rest) {
    g_auto(GStrv) words = g_strsplit(line, " ", 2);
    guint64 parsed = 0;
    if (g_strv_length(words) != 2 ||
        !g_ascii_string_to_unsigned(words[0], 10, 1, G_MAXUINT32, &parsed, NULL))
        return FALSE;
    *number = (guint32)parsed;
    *rest = g_strdup(g_strstrip(words[1]));
    return TRUE;
}

static GHashTable *decode_sizes(const char *text) {
    GHashTable *sizes = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (gsize at = 0; lines[at] != NULL; at++) {
        guint32 number = 0;
        g_autofree char *rest = NULL;
        if (split_line(lines[at], &number, &rest))
            g_hash_table_insert(sizes, GUINT_TO_POINTER(number), g_steal_pointer(&rest));
    }
    return sizes;
}

GPtrArray *pop3_listing_decode(const char *sizes, const char *uidls) {
    GPtrArray *mails = g_ptr_array_new_with_free_func((GDestroyNotify)mail_free);
    g_autoptr(GHashTable) known = decode_sizes(sizes);
    g_auto(GStrv) lines = g_strsplit(uidls, "\n", -1);
    for (gsize at = 0; lines[at] != NULL; at++) {
        guint32 number = 0;
        guint64 size = 0;
        g_autofree char *rest = NULL;
        if (!split_line(lines[at], &number, &rest) || !is_uidl(rest))
            continue;
        const char *digits = g_hash_table_lookup(known, GUINT_TO_POINTER(number));
        if (digits == NULL || !g_ascii_string_to_unsigned(digits, 10, 0, G_MAXINT64, &size, NULL))
            continue;
        Pop3Mail *mail = g_new0(Pop3Mail, 1);
        *mail = (Pop3Mail){number, (gint64)size, g_steal_pointer(&rest)};
        g_ptr_array_add(mails, mail);
    }
    return mails;
}

static size_t take_bytes(char *bytes, size_t size, size_t count, void *data) {
    Taking *taking = data;
    taking->is_over = taking->bytes->len + size * count > taking->limit;
    if (taking->is_over)
        return 0;
    g_byte_array_append(taking->bytes, (const guint8 *)bytes, (guint)(size * count));
    return size * count;
}

// Performs one command and takes its answer. command NULL: LIST or RETR by the path.
static GByteArray *ask(Pop3Session *session, const char *path, const char *command, gsize limit,
                       GError **error) {
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    Taking taking = {bytes, limit, FALSE};
    g_autofree char *url = mail_curl_url(session->account, "pop3", path);
    curl_easy_setopt(session->curl, CURLOPT_URL, url);
    curl_easy_setopt(session->curl, CURLOPT_CUSTOMREQUEST, command);
    curl_easy_setopt(session->curl, CURLOPT_NOBODY,
                     command != NULL && g_str_has_prefix(command, "DELE") ? 1L : 0L);
    curl_easy_setopt(session->curl, CURLOPT_WRITEDATA, &taking);
    if (mail_curl_perform(session->curl, session->account, error))
        return g_steal_pointer(&bytes);
    if (taking.is_over && error != NULL) {
        g_clear_error(error);
        error_set(error, ERROR_TOO_LARGE, "pop3_too_large",
                  "The mail is larger than the server said.");
    }
    return NULL;
}

static char *ask_text(Pop3Session *session, const char *command, GError **error) {
    g_autoptr(GByteArray) bytes = ask(session, "", command, LISTING_MAXIMUM, error);
    return bytes == NULL ? NULL : g_strndup((const char *)bytes->data, bytes->len);
}

Pop3Session *pop3_session_open(const MailAccount *account, GError **error) {
    g_autoptr(Pop3Session) session = g_new0(Pop3Session, 1);
    session->account = mail_account_copy(account);
    session->curl = mail_curl_new(account, "pop3", error);
    if (session->curl == NULL)
        return NULL;
    curl_easy_setopt(session->curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(session->curl, CURLOPT_LOW_SPEED_LIMIT, 100L);
    curl_easy_setopt(session->curl, CURLOPT_LOW_SPEED_TIME, 30L);
    g_autofree char *sizes = ask_text(session, NULL, error);
    g_autofree char *uidls = sizes == NULL ? NULL : ask_text(session, "UIDL", error);
    if (uidls == NULL)
        return NULL;
    session->mails = pop3_listing_decode(sizes, uidls);
    return g_steal_pointer(&session);
}

void pop3_session_free(Pop3Session *session) {
    if (session == NULL)
        return;
    mail_curl_free(session->curl);
    mail_account_free(session->account);
    g_clear_pointer(&session->mails, g_ptr_array_unref);
    g_free(session);
}

const GPtrArray *pop3_session_mails(const Pop3Session *session) {
    return session->mails;
}

GBytes *pop3_session_fetch(Pop3Session *session, const Pop3Mail *mail, gsize limit,
                           GError **error) {
    g_autofree char *path = g_strdup_printf("%u", mail->number);
    GByteArray *bytes = ask(session, path, NULL, limit, error);
    return bytes == NULL ? NULL : g_byte_array_free_to_bytes(bytes);
}

gboolean pop3_session_delete(Pop3Session *session, const Pop3Mail *mail, GError **error) {
    g_autofree char *command = g_strdup_printf("DELE %u", mail->number);
    g_autoptr(GByteArray) bytes = ask(session, "", command, LISTING_MAXIMUM, error);
    return bytes != NULL;
}
