#include "desk/outgoing_build.h"

#include "base/error.h"
#include "store/blob.h"

Party *party_from_json(const json_t *json) {
    const char *address = json_string_value(json_object_get(json, "address"));
    return address != NULL ? party_new(address, json_string_value(json_object_get(json, "name")))
                           : NULL;
}

json_t *party_to_json(const Party *party) {
    json_t *json = json_object();
    json_object_set_new(json, "address", json_string(party->address));
    if (party->name != NULL)
        json_object_set_new(json, "name", json_string(party->name));
    return json;
}

GPtrArray *parties_from_json(const json_t *list) {
    GPtrArray *parties = party_list_new();
    for (gsize at = 0; at < json_array_size(list); at++) {
        Party *party = party_from_json(json_array_get(list, at));
        if (party != NULL)
            g_ptr_array_add(parties, party);
    }
    return parties;
}

json_t *parties_to_json(const GPtrArray *parties) {
    json_t *list = json_array();
    for (guint at = 0; at < parties->len; at++)
        json_array_append_new(list, party_to_json(parties->pdata[at]));
    return list;
}

char **texts_from_json(const json_t *list) {
    GPtrArray *texts = g_ptr_array_new();
    for (gsize at = 0; at < json_array_size(list); at++)
        if (json_is_string(json_array_get(list, at)))
            g_ptr_array_add(texts, g_strdup(json_string_value(json_array_get(list, at))));
    g_ptr_array_add(texts, NULL);
    return (char **)g_ptr_array_free(texts, FALSE);
}

static void build_mail(Outgoing *outgoing, const OutgoingSource *source) {
    const json_t *headers = source->headers;
    outgoing->mail_message_id = g_strdup(source->message_key);
    outgoing->from = party_from_json(json_object_get(headers, "from"));
    g_ptr_array_unref(outgoing->to);
    g_ptr_array_unref(outgoing->cc);
    g_ptr_array_unref(outgoing->bcc);
    outgoing->to = parties_from_json(json_object_get(headers, "to"));
    outgoing->cc = parties_from_json(json_object_get(headers, "cc"));
    outgoing->bcc = parties_from_json(json_object_get(headers, "bcc"));
    g_strfreev(outgoing->in_reply_to);
    g_strfreev(outgoing->references);
    outgoing->in_reply_to = texts_from_json(json_object_get(headers, "in_reply_to"));
    outgoing->references = texts_from_json(json_object_get(headers, "references"));
}

Outgoing *outgoing_build(const OutgoingSource *source, const ChannelKind *kind) {
    Outgoing *outgoing = outgoing_new();
    outgoing->message_id = source->message_id;
    outgoing->client_key = source->client_key != NULL
                               ? g_strdup(source->client_key)
                               : g_strdup_printf("%" G_GINT64_FORMAT, source->message_id);
    outgoing->thread_key = g_strdup(source->thread_key);
    outgoing->quoted_key = g_strdup(source->quoted_key);
    outgoing->subject = g_strdup(source->subject);
    g_free(outgoing->text);
    outgoing->text = g_strdup(source->text != NULL ? source->text : "");
    if ((kind->abilities & ABILITY_HTML) != 0)
        outgoing->html = g_strdup(source->html);
    outgoing->is_automatic = source->is_automatic;
    outgoing->date = source->date;
    build_mail(outgoing, source);
    return outgoing;
}

static Attachment *read_attachment(Store *store, Db *db, DbRows *rows, GError **error) {
    gsize length;
    const void *sha256 = db_rows_span(rows, 4, &length);
    if (sha256 == NULL || length != SHA256_BYTES) {
        error_set(error, ERROR_INVALID, "attachment_missing",
                  "an attachment of the message is not here");
        return NULL;
    }
    g_autoptr(Attachment) attachment = attachment_new(db_rows_text(rows, 0), db_rows_text(rows, 1));
    attachment->content_id = g_strdup(db_rows_text(rows, 2));
    attachment->is_inline = db_rows_int(rows, 3) != 0;
    attachment->bytes = blob_read(store, db, sha256, error);
    if (attachment->bytes == NULL)
        return NULL;
    attachment->size = (gint64)g_bytes_get_size(attachment->bytes);
    return g_steal_pointer(&attachment);
}

static gboolean load_attachments(Store *store, Db *db, Outgoing *outgoing, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT name, type, content_id, is_inline, sha256 FROM attachment"
                 " WHERE message_id = $1 ORDER BY position",
                 DB_VALUES(DB_ID(outgoing->message_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows, &failure)) {
        Attachment *attachment = read_attachment(store, db, rows, error);
        if (attachment == NULL)
            return FALSE;
        g_ptr_array_add(outgoing->attachments, attachment);
    }
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    return failure == NULL;
}

// "" when the message has none; NULL with an error.
static char *read_html(Store *store, Db *db, DbRows *rows, GError **error) {
    gsize length;
    const void *sha256 = db_rows_span(rows, 5, &length);
    if (sha256 == NULL || length != SHA256_BYTES)
        return g_strdup("");
    g_autoptr(GBytes) bytes = blob_read(store, db, sha256, error);
    if (bytes == NULL)
        return NULL;
    const char *text = g_bytes_get_data(bytes, &length);
    return g_strndup(text, length);
}

static Outgoing *build_from_row(Store *store, Db *db, const ChannelKind *kind, DbRows *rows,
                                Id message_id, GError **error) {
    g_autofree char *html = read_html(store, db, rows, error);
    if (html == NULL)
        return NULL;
    json_t *headers = json_loads(db_rows_text(rows, 7), 0, NULL);
    OutgoingSource source = {.message_id = message_id,
                             .client_key = db_rows_text(rows, 0),
                             .thread_key = db_rows_text(rows, 1),
                             .quoted_key = db_rows_text(rows, 2),
                             .subject = db_rows_text(rows, 3),
                             .text = db_rows_text(rows, 4),
                             .html = *html != '\0' ? html : NULL,
                             .message_key = db_rows_text(rows, 6),
                             .headers = headers,
                             .is_automatic = db_rows_int(rows, 8) != 0,
                             .date = db_rows_instant(rows, 9)};
    Outgoing *outgoing = outgoing_build(&source, kind);
    json_decref(headers);
    return outgoing;
}

Outgoing *outgoing_load(Store *store, Db *db, const ChannelKind *kind, Id message_id,
                        GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT m.client_key, c.thread_key, q.message_key, m.subject, m.text, m.html_sha256,"
        " m.message_key, m.headers, m.is_automatic, coalesce(s.send_at, m.recorded_at) FROM "
        "message m"
        " JOIN conversation c ON c.id = m.conversation_id"
        " LEFT JOIN scheduled s ON s.message_id = m.id"
        " LEFT JOIN message q ON q.id = m.quoted_message_id WHERE m.id = $1",
        DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return NULL;
    if (!db_rows_next(rows, &failure)) {
        if (failure == NULL)
            error_set(&failure, ERROR_NOT_FOUND, "message_unknown", "the message is gone");
        g_propagate_error(error, g_steal_pointer(&failure));
        return NULL;
    }
    g_autoptr(Outgoing) outgoing = build_from_row(store, db, kind, rows, message_id, error);
    if (outgoing == NULL || !load_attachments(store, db, outgoing, error))
        return NULL;
    return g_steal_pointer(&outgoing);
}
