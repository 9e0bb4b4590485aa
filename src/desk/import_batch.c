#include "desk/import_batch.h"

#include <string.h>

#include "base/error.h"

#define HEAD_MAXIMUM 60

void import_mail_free(ImportMail *mail) {
    g_bytes_unref(mail->bytes);
    g_free(mail);
}

void import_batch_add(GByteArray *batch, GBytes *mail, Instant arrived_at) {
    gsize length = 0;
    const guint8 *bytes = g_bytes_get_data(mail, &length);
    g_autofree char *head =
        arrived_at == INSTANT_NONE
            ? g_strdup_printf("%" G_GSIZE_FORMAT " -\n", length)
            : g_strdup_printf("%" G_GSIZE_FORMAT " %" G_GINT64_FORMAT "\n", length, arrived_at);
    g_byte_array_append(batch, (const guint8 *)head, (guint)strlen(head));
    if (length > 0)
        g_byte_array_append(batch, bytes, (guint)length);
}

static gboolean decode_head(const char *line, gsize *size, Instant *arrived_at) {
    g_auto(GStrv) words = g_strsplit(line, " ", 3);
    guint64 parsed = 0;
    gint64 instant = INSTANT_NONE;
    if (g_strv_length(words) != 2 ||
        !g_ascii_string_to_unsigned(words[0], 10, 1, G_MAXUINT32, &parsed, NULL))
        return FALSE;
    if (!g_str_equal(words[1], "-") &&
        !g_ascii_string_to_signed(words[1], 10, -(G_GINT64_CONSTANT(1) << 53),
                                  G_GINT64_CONSTANT(1) << 53, &instant, NULL))
        return FALSE;
    *size = parsed;
    *arrived_at = instant;
    return TRUE;
}

// The mail at *at, and moves it on. NULL where the frame is wrong.
static ImportMail *decode_one(GBytes *body, gsize *at) {
    gsize length = 0;
    const char *bytes = g_bytes_get_data(body, &length);
    const char *end = memchr(bytes + *at, '\n', MIN(length - *at, HEAD_MAXIMUM));
    if (end == NULL)
        return NULL;
    g_autofree char *line = g_strndup(bytes + *at, (gsize)(end - bytes) - *at);
    gsize start = (gsize)(end - bytes) + 1, size = 0;
    Instant arrived_at = INSTANT_NONE;
    if (!decode_head(line, &size, &arrived_at) || size > length - start)
        return NULL;
    ImportMail *mail = g_new0(ImportMail, 1);
    mail->bytes = g_bytes_new_from_bytes(body, start, size);
    mail->arrived_at = arrived_at;
    *at = start + size;
    return mail;
}

GPtrArray *import_batch_decode(GBytes *body, GError **error) {
    g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func((GDestroyNotify)import_mail_free);
    for (gsize at = 0; at < g_bytes_get_size(body);) {
        ImportMail *mail = decode_one(body, &at);
        if (mail == NULL) {
            error_set(error, ERROR_INVALID, "import_frame",
                      "The mails must each follow a line of their size and time of arrival.");
            return NULL;
        }
        g_ptr_array_add(mails, mail);
    }
    return g_steal_pointer(&mails);
}
