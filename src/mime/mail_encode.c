#include "mime/mail_encode.h"

#include <string.h>

#include "base/error.h"
#include "mime/encode_body.h"
#include "mime/encode_header.h"
#include "mime/html_text.h"

typedef struct {
    GString *out;
    const Outgoing *outgoing;
    char *boundary; // the part that all boundaries of this mail share
} Encoder;

static gboolean fail(GError **error, const char *what) {
    error_set(error, ERROR_INVALID, "mail_invalid", "the mail cannot be sent: %s", what);
    return FALSE;
}

static gboolean is_clean(const char *text) {
    if (text == NULL)
        return TRUE;
    for (const char *at = text; *at != '\0'; at++)
        if ((guchar)*at < 32 || *at == 127)
            return FALSE;
    return g_utf8_validate(text, -1, NULL);
}

static gboolean check_party(const Party *party, GError **error) {
    g_autofree char *address = is_clean(party->address) ? encode_address(party->address) : NULL;
    if (address == NULL)
        return fail(error, "an address is none, or bears control characters");
    return is_clean(party->name) || fail(error, "a name bears control characters");
}

static gboolean check_parties(const GPtrArray *parties, GError **error) {
    for (guint at = 0; at < parties->len; at++)
        if (!check_party(parties->pdata[at], error))
            return FALSE;
    return TRUE;
}

static gboolean is_id(const char *id) {
    return is_clean(id) && id[0] != '\0' && strpbrk(id, " <>") == NULL && strlen(id) <= 900;
}

static gboolean check_ids(char *const *ids, GError **error) {
    for (; *ids != NULL; ids++)
        if (!is_id(*ids))
            return fail(error, "a Message-ID bears blanks or control characters");
    return TRUE;
}

static gboolean check_attachments(const GPtrArray *attachments, GError **error) {
    for (guint at = 0; at < attachments->len; at++) {
        const Attachment *attachment = attachments->pdata[at];
        if (!is_clean(attachment->name) || !is_clean(attachment->type) ||
            !is_clean(attachment->content_id) || strpbrk(attachment->type, " ;\"") != NULL)
            return fail(error, "an attachment's name, type or id bears control characters");
        if (attachment->content_id != NULL && !is_id(attachment->content_id))
            return fail(error, "an attachment's Content-ID is none");
        if (attachment->bytes == NULL)
            return fail(error, "an attachment has not been fetched");
    }
    return TRUE;
}

static gboolean check(const Outgoing *outgoing, const char *loop_id, GError **error) {
    if (outgoing->from == NULL)
        return fail(error, "it has no sender");
    if (outgoing->to->len + outgoing->cc->len + outgoing->bcc->len == 0)
        return fail(error, "it has no recipient");
    if (outgoing->mail_message_id == NULL || !is_id(outgoing->mail_message_id))
        return fail(error, "it has no Message-ID");
    if (!is_clean(outgoing->subject) || loop_id == NULL || !is_clean(loop_id))
        return fail(error, "the subject bears control characters");
    return check_party(outgoing->from, error) && check_parties(outgoing->to, error) &&
           check_parties(outgoing->cc, error) && check_parties(outgoing->bcc, error) &&
           check_ids(outgoing->in_reply_to, error) && check_ids(outgoing->references, error) &&
           check_attachments(outgoing->attachments, error);
}

// RFC 5322 3.3, in UTC, whatever the locale.
static char *date_format(Instant date) {
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(date / 1000);
    if (time == NULL)
        time = g_date_time_new_from_unix_utc(0);
    return g_strdup_printf(
        "%s, %d %s %04d %02d:%02d:%02d +0000", days[g_date_time_get_day_of_week(time) - 1],
        g_date_time_get_day_of_month(time), months[g_date_time_get_month(time) - 1],
        g_date_time_get_year(time), g_date_time_get_hour(time), g_date_time_get_minute(time),
        g_date_time_get_second(time));
}

static void write_field(Encoder *encoder, const char *name, const char *value) {
    encode_header_folded(encoder->out, name, value);
}

static void write_headers(Encoder *encoder, const char *loop_id) {
    const Outgoing *outgoing = encoder->outgoing;
    g_autoptr(GPtrArray) from = g_ptr_array_new();
    g_ptr_array_add(from, outgoing->from);
    g_autofree char *date = date_format(outgoing->date);
    write_field(encoder, "Date", date);
    encode_header_parties(encoder->out, "From", from);
    encode_header_parties(encoder->out, "To", outgoing->to);
    encode_header_parties(encoder->out, "Cc", outgoing->cc);
    if (outgoing->to->len + outgoing->cc->len == 0)
        write_field(encoder, "To", "undisclosed-recipients:;");
    encode_header_text(encoder->out, "Subject", outgoing->subject != NULL ? outgoing->subject : "");
    char *id[] = {outgoing->mail_message_id, NULL};
    encode_header_ids(encoder->out, "Message-ID", id);
    encode_header_ids(encoder->out, "In-Reply-To", outgoing->in_reply_to);
    encode_header_ids(encoder->out, "References", outgoing->references);
    if (outgoing->is_automatic) {
        write_field(encoder, "Auto-Submitted",
                    outgoing->in_reply_to[0] != NULL ? "auto-replied" : "auto-generated");
        write_field(encoder, "X-Auto-Response-Suppress", "All");
    }
    encode_header_text(encoder->out, "X-Dialogd-Loop", loop_id);
    write_field(encoder, "MIME-Version", "1.0");
}

static void begin_multipart(Encoder *encoder, const char *kind, guint number) {
    g_string_append_printf(encoder->out,
                           "Content-Type: multipart/%s;\r\n boundary=\"=_%s_%u\"\r\n\r\n", kind,
                           encoder->boundary, number);
}

static void begin_part(Encoder *encoder, guint number) {
    g_string_append_printf(encoder->out, "--=_%s_%u\r\n", encoder->boundary, number);
}

static void end_multipart(Encoder *encoder, guint number) {
    g_string_append_printf(encoder->out, "--=_%s_%u--\r\n", encoder->boundary, number);
}

static void write_text(Encoder *encoder, const char *type, const char *text) {
    const char *encoding = encode_body_choose(text);
    g_string_append_printf(encoder->out, "Content-Type: %s; charset=utf-8\r\n", type);
    g_string_append_printf(encoder->out, "Content-Transfer-Encoding: %s\r\n\r\n", encoding);
    encode_body_text(encoder->out, text, encoding);
}

static void write_attachment(Encoder *encoder, const Attachment *attachment, gboolean is_inline) {
    GString *out = encoder->out;
    // A mail may not be encoded (RFC 2046 5.2.1), so it goes as bytes.
    gboolean is_file = strchr(attachment->type, '/') != NULL &&
                       !g_str_has_prefix(attachment->type, "message/") &&
                       !g_str_has_prefix(attachment->type, "multipart/");
    g_string_append_printf(out, "Content-Type: %s",
                           is_file ? attachment->type : "application/octet-stream");
    if (attachment->name != NULL)
        encode_header_parameter(out, "name", attachment->name);
    g_string_append(out, "\r\nContent-Transfer-Encoding: base64\r\n");
    g_string_append_printf(out, "Content-Disposition: %s", is_inline ? "inline" : "attachment");
    if (attachment->name != NULL)
        encode_header_parameter(out, "filename", attachment->name);
    g_string_append(out, "\r\n");
    if (attachment->content_id != NULL)
        g_string_append_printf(out, "Content-ID: <%s>\r\n", attachment->content_id);
    g_string_append(out, "\r\n");
    encode_body_bytes(out, attachment->bytes);
}

// Shown within the HTML: only where there is HTML.
static gboolean is_related(const Outgoing *outgoing, const Attachment *attachment) {
    return outgoing->html != NULL && attachment->is_inline && attachment->content_id != NULL;
}

static guint count_attachments(const Outgoing *outgoing, gboolean related) {
    guint count = 0;
    for (guint at = 0; at < outgoing->attachments->len; at++)
        count += is_related(outgoing, outgoing->attachments->pdata[at]) == related ? 1 : 0;
    return count;
}

static void write_attachments(Encoder *encoder, gboolean related, guint number) {
    const Outgoing *outgoing = encoder->outgoing;
    for (guint at = 0; at < outgoing->attachments->len; at++) {
        const Attachment *attachment = outgoing->attachments->pdata[at];
        if (is_related(outgoing, attachment) != related)
            continue;
        begin_part(encoder, number);
        write_attachment(encoder, attachment, related);
    }
}

static void write_html(Encoder *encoder) {
    if (count_attachments(encoder->outgoing, TRUE) == 0) {
        write_text(encoder, "text/html", encoder->outgoing->html);
        return;
    }
    begin_multipart(encoder, "related", 2);
    begin_part(encoder, 2);
    write_text(encoder, "text/html", encoder->outgoing->html);
    write_attachments(encoder, TRUE, 2);
    end_multipart(encoder, 2);
}

static void write_body(Encoder *encoder) {
    const Outgoing *outgoing = encoder->outgoing;
    g_autofree char *made = NULL;
    const char *text = outgoing->text != NULL ? outgoing->text : "";
    if (outgoing->html == NULL) {
        write_text(encoder, "text/plain", text);
        return;
    }
    if (text[0] == '\0')
        text = made = html_text(outgoing->html, strlen(outgoing->html));
    begin_multipart(encoder, "alternative", 1);
    begin_part(encoder, 1);
    write_text(encoder, "text/plain", text);
    begin_part(encoder, 1);
    write_html(encoder);
    end_multipart(encoder, 1);
}

static void write_all(Encoder *encoder) {
    if (count_attachments(encoder->outgoing, FALSE) == 0) {
        write_body(encoder);
        return;
    }
    begin_multipart(encoder, "mixed", 0);
    begin_part(encoder, 0);
    write_body(encoder);
    write_attachments(encoder, FALSE, 0);
    end_multipart(encoder, 0);
}

GBytes *mail_encode(const Outgoing *outgoing, const char *loop_id, GError **error) {
    if (!check(outgoing, loop_id, error))
        return NULL;
    g_autofree char *boundary =
        g_compute_checksum_for_string(G_CHECKSUM_SHA256, outgoing->mail_message_id, -1);
    boundary[24] = '\0';
    Encoder encoder = {g_string_sized_new(4096), outgoing, boundary};
    write_headers(&encoder, loop_id);
    write_all(&encoder);
    return g_string_free_to_bytes(encoder.out);
}
