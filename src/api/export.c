// GET /api/v1/export/messages: every message as a line of JSON, in pages of bounded size. What
// dialogctl export strings together; order and cursor are the ids.
#include <string.h>

#include "api/resources.h"
#include "base/json_text.h"
#include "store/audit.h"
#include "store/blob.h"

#define PAGE_ROWS_MAX 1000
#define PAGE_BYTES_MAX (4 * 1024 * 1024) // a page ends with the message that passes it
#define SHA256_SIZE 32

static const char messages_sql[] =
    "SELECT message.id, COALESCE(conversation.merged_into, conversation.id), "
    "COALESCE(customer.root_id, customer.id), message.channel_id, message.direction, "
    "message.class, message.author, message.subject, message.message_key, message.headers, "
    "message.occurred_at, message.received_at, message.text, message.new_text, "
    "message.html_sha256, message.raw_sha256, message.state, identity.address, identity.name, "
    "message.is_automatic "
    "FROM message JOIN conversation ON conversation.id = message.conversation_id "
    "JOIN customer ON customer.id = conversation.customer_id "
    "LEFT JOIN identity ON identity.id = message.identity_id "
    "WHERE message.id > $1 AND EXISTS (SELECT 1 FROM conversation AS seen WHERE seen.id = "
    "COALESCE(conversation.merged_into, conversation.id) AND " VISIBLE_CONVERSATION(
        "seen", "$3") ") ORDER BY message.id LIMIT $2";

typedef struct {
    Store *store;
    Db *db;
    Id viewer; // from whom something may be hidden
    JsonText text;
} Export;

static void write_addresses(JsonText *text, const char *name, const json_t *parties) {
    size_t at;
    const json_t *party;
    json_text_begin_array(text, name);
    json_array_foreach(parties, at, party)
        json_text_add_text(text, NULL, json_string_value(json_object_get(party, "address")));
    json_text_end_array(text);
}

// Mostly one id; several stand with blanks between, as in the header.
static void write_in_reply_to(JsonText *text, const json_t *ids) {
    g_autoptr(GString) joined = g_string_new(NULL);
    size_t at;
    const json_t *id;
    json_array_foreach(ids, at, id) {
        g_string_append_printf(joined, "%s%s", at > 0 ? " " : "", json_string_value(id));
    }
    json_text_add_text(text, "in_reply_to", joined->len > 0 ? joined->str : NULL);
}

static void write_references(JsonText *text, const json_t *ids) {
    size_t at;
    const json_t *id;
    json_text_begin_array(text, "references");
    json_array_foreach(ids, at, id) json_text_add_text(text, NULL, json_string_value(id));
    json_text_end_array(text);
}

static void write_placement(JsonText *text, const json_t *placement) {
    json_text_begin_object(text, "placement");
    json_text_add_text(text, "rule", json_string_value(json_object_get(placement, "rule")));
    json_text_add_text(text, "reference",
                       json_string_value(json_object_get(placement, "reference")));
    json_text_end_object(text);
}

// The sender as its own headers name it; a chat's customer as its identity does.
static void write_sender(JsonText *text, const json_t *headers, DbRows *rows) {
    const json_t *from = json_object_get(headers, "from");
    const char *address = json_string_value(json_object_get(from, "address"));
    const char *name = json_string_value(json_object_get(from, "name"));
    json_text_add_text(text, "from", address != NULL ? address : db_rows_text(rows, 17));
    json_text_add_text(text, "from_name", from != NULL ? name : db_rows_text(rows, 18));
}

static void write_headers(JsonText *text, DbRows *rows) {
    json_t *headers = json_loads(db_rows_text(rows, 9), 0, NULL);
    const json_t *date = json_object_get(headers, "date");
    const char *message_id = json_string_value(json_object_get(headers, "message_id"));
    write_sender(text, headers, rows);
    write_addresses(text, "reply_to", json_object_get(headers, "reply_to"));
    write_addresses(text, "to", json_object_get(headers, "to"));
    write_addresses(text, "cc", json_object_get(headers, "cc"));
    json_text_add_text(text, "subject", db_rows_text(rows, 7));
    json_text_add_text(text, "message_id", message_id != NULL ? message_id : db_rows_text(rows, 8));
    write_in_reply_to(text, json_object_get(headers, "in_reply_to"));
    write_references(text, json_object_get(headers, "references"));
    json_text_add_instant(text, "date",
                          json_is_integer(date) ? json_integer_value(date) : INSTANT_NONE);
    write_placement(text, json_object_get(headers, "placement"));
    json_decref(headers);
}

static gboolean write_html(Export *export, DbRows *rows, GError **error) {
    gsize length = 0;
    const void *sha256 = db_rows_span(rows, 14, &length);
    if (sha256 == NULL || length != SHA256_SIZE) {
        json_text_add_null(&export->text, "html");
        return TRUE;
    }
    g_autoptr(GBytes) bytes = blob_read(export->store, export->db, sha256, error);
    if (bytes == NULL)
        return FALSE;
    const char *data = g_bytes_get_data(bytes, &length);
    g_autofree char *html = g_strndup(data, length);
    json_text_add_text(&export->text, "html", html);
    return TRUE;
}

static void write_sha256(JsonText *text, const char *name, DbRows *rows, int column) {
    gsize length = 0;
    const void *sha256 = db_rows_span(rows, column, &length);
    if (sha256 != NULL)
        json_text_add_hex(text, name, sha256, length);
    else
        json_text_add_null(text, name);
}

static gboolean write_attachments(Export *export, Id message_id, GError **error) {
    GError *problem = NULL;
    JsonText *text = &export->text;
    g_autoptr(DbRows) rows = db_query(export->db,
                                      "SELECT name, type, size, sha256, content_id FROM attachment "
                                      "WHERE message_id = $1 ORDER BY position",
                                      DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    json_text_begin_array(text, "attachments");
    while (db_rows_next(rows, &problem)) {
        json_text_begin_object(text, NULL);
        json_text_add_text(text, "name", db_rows_text(rows, 0));
        json_text_add_text(text, "type", db_rows_text(rows, 1));
        json_text_add_int(text, "size", db_rows_int(rows, 2));
        write_sha256(text, "sha256", rows, 3);
        json_text_add_text(text, "cid", db_rows_text(rows, 4));
        json_text_end_object(text);
    }
    json_text_end_array(text);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static gboolean write_message(Export *export, DbRows *rows, GError **error) {
    JsonText *text = &export->text;
    Id id = db_rows_id(rows, 0);
    json_text_begin_object(text, NULL);
    json_text_add_id(text, "id", id);
    json_text_add_id(text, "conversation", db_rows_id(rows, 1));
    json_text_add_id(text, "customer", db_rows_id(rows, 2));
    json_text_add_id(text, "channel", db_rows_id(rows, 3));
    json_text_add_text(text, "direction", db_rows_text(rows, 4));
    json_text_add_text(text, "class", db_rows_text(rows, 5));
    json_text_add_bool(text, "is_automatic", db_rows_int(rows, 19) != 0);
    json_text_add_text(text, "author", db_rows_text(rows, 6));
    json_text_add_text(text, "state", db_rows_text(rows, 16));
    write_headers(text, rows);
    json_text_add_instant(text, "occurred_at", db_rows_instant(rows, 10));
    json_text_add_instant(text, "received_at", db_rows_instant(rows, 11));
    json_text_add_text(text, "text", db_rows_text(rows, 12));
    json_text_add_text(text, "new_text", db_rows_text(rows, db_rows_is_null(rows, 13) ? 12 : 13));
    gboolean written = write_html(export, rows, error) && write_attachments(export, id, error);
    write_sha256(text, "raw_sha256", rows, 15);
    json_text_end_object(text);
    g_string_append_c(text->out, '\n');
    text->needs_comma = FALSE;
    return written;
}

static gboolean write_page(Export *export, Id after, gint64 limit, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows =
        db_query(export->db, messages_sql,
                 DB_VALUES(DB_INT(after), DB_INT(limit), DB_ID(export->viewer)), error);
    if (rows == NULL)
        return FALSE;
    while (export->text.out->len < PAGE_BYTES_MAX && db_rows_next(rows, &problem))
        if (!write_message(export, rows, error))
            return FALSE;
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

typedef struct {
    Actor actor;
    Id actor_id;
    Id after;
} ExportNote;

static gboolean write_note(Db *db, gpointer data, GError **error) {
    const ExportNote *note = data;
    return audit_add(db, note->actor, note->actor_id, "data_exported", "message", note->after, NULL,
                     error);
}

// A row for each page, before it leaves (reliability.md K06).
static gboolean note_page(const ApiCall *call, Id after, GError **error) {
    ExportNote note = {.after = after};
    note.actor = api_call_actor(call, &note.actor_id);
    return writer_run(store_writer(api_call_parts(call)->store), write_note, &note, error);
}

static void export_page(ApiCall *call) {
    GError *error = NULL;
    Id after = 0;
    gint64 limit = PAGE_ROWS_MAX;
    Export export = {.store = api_call_parts(call)->store, .viewer = api_call_viewer(call)};
    json_text_init(&export.text);
    if (api_call_query_id(call, "after", &after, &error) &&
        api_call_query_int(call, "limit", 1, PAGE_ROWS_MAX, &limit, &error) &&
        (export.db = api_call_reader(call, &error)) != NULL &&
        write_page(&export, after, limit, &error) && note_page(call, after, &error))
        api_call_answer_bytes(call, 200, "application/jsonl", json_text_take(&export.text));
    else
        api_call_fail(call, error);
    json_text_clear(&export.text);
}

static void get_messages(ApiCall *call) {
    api_call_work(call, export_page);
}

const ApiRoute api_export_routes[] = {
    {"GET", "/api/v1/export/messages", PERMISSION_DATA_EXPORT, get_messages,
     .query = "after limit"},
    {0},
};
