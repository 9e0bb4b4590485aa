#include "mime/mail_decode.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/error.h"
#include "mime/forwarded.h"
#include "mime/mail_class.h"
#include "mime/mail_content.h"
#include "mime/mail_headers.h"
#include "model/reply_text.h"

// The bytes without what mailbox files and transports put before the headers: blank lines, a byte
// order mark, an mbox "From " line.
static GBytes *without_prefix(GBytes *raw) {
    gsize length;
    const char *data = g_bytes_get_data(raw, &length);
    gsize skip = length >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (skip < length && (data[skip] == '\r' || data[skip] == '\n'))
        skip++;
    gsize mark = skip + (skip < length && data[skip] == '>' ? 1 : 0);
    if (length - mark > 5 && memcmp(data + mark, "From ", 5) == 0) {
        const char *newline = memchr(data + mark, '\n', length - mark);
        skip = newline != NULL ? (gsize)(newline + 1 - data) : skip;
    }
    return g_bytes_new_from_bytes(raw, skip, length - skip);
}

// Old Macs end lines with CR alone.
static GBytes *with_line_feeds(GBytes *bytes) {
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    if (memchr(data, '\n', length) != NULL || memchr(data, '\r', length) == NULL)
        return g_bytes_ref(bytes);
    char *copy = g_memdup2(data, length);
    for (gsize at = 0; at < length; at++)
        if (copy[at] == '\r')
            copy[at] = '\n';
    return g_bytes_new_take(copy, length);
}

// Takes up the text without what ways of transport change: CR before LF.
static gboolean digest_lines(EVP_MD_CTX *context, const char *at, const char *end) {
    while (at < end) {
        const char *cr = memchr(at, '\r', (gsize)(end - at));
        const char *stop = cr == NULL ? end : cr;
        if (cr != NULL && (cr + 1 == end || cr[1] != '\n'))
            stop++;
        if (EVP_DigestUpdate(context, at, (gsize)(stop - at)) != 1)
            return FALSE;
        at = cr == NULL ? end : cr + 1;
    }
    return TRUE;
}

// OpenSSL's is an order of magnitude faster than GLib's where the processor helps.
static char *body_sha256(const PartTree *tree, GBytes *raw) {
    gsize length;
    const char *data = g_bytes_get_data(raw, &length);
    gsize offset = part_tree_get(tree, 0)->headers.body_offset;
    guint8 digest[32];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    gboolean is_good = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                       digest_lines(context, data + offset, data + length) &&
                       EVP_DigestFinal_ex(context, digest, NULL) == 1;
    EVP_MD_CTX_free(context);
    if (!is_good)
        return NULL;
    GString *text = g_string_sized_new(2 * sizeof digest);
    for (gsize at = 0; at < sizeof digest; at++)
        g_string_append_printf(text, "%02x", digest[at]);
    return g_string_free(text, FALSE);
}

static void reply_read(Incoming *incoming) {
    g_autoptr(ReplyText) reply = reply_text_split(incoming->text);
    g_free(incoming->new_text);
    incoming->new_text = g_steal_pointer(&reply->new_text);
    incoming->quoted_text = g_steal_pointer(&reply->quoted);
}

Incoming *mail_decode(GBytes *raw, GError **error) {
    g_autoptr(GBytes) prefixed = without_prefix(raw);
    if (g_bytes_get_size(prefixed) == 0) {
        error_set(error, ERROR_INVALID, "mail_empty", "the mail has no bytes");
        return NULL;
    }
    g_autoptr(GBytes) bytes = with_line_feeds(prefixed);
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    PartTree tree;
    part_tree_read(&tree, data, length);
    g_autoptr(Incoming) incoming = incoming_new(INCOMING_MESSAGE);
    incoming->mail = mail_new();
    mail_headers_read(&part_tree_get(&tree, 0)->headers, incoming);
    mail_content_read(&tree, bytes, incoming);
    mail_class_read(&tree, bytes, incoming);
    forwarded_read(&tree, incoming);
    reply_read(incoming);
    incoming->mail->body_sha256 = body_sha256(&tree, bytes);
    part_tree_clear(&tree);
    return g_steal_pointer(&incoming);
}
