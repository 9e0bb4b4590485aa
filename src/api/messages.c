// Messages: of a conversation, one of them, its HTML, its original, its attachments.
#include <string.h>

#include "api/message_query.h"
#include "api/resources.h"
#include "base/error.h"
#include "store/blob.h"
#include "store/conversation.h"
#include "store/event.h"

// Mail HTML was cleaned when it came in; the sandbox is what must hold (ui.md 2.1).
#define MESSAGE_POLICY                                                                             \
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; font-src 'none'; "       \
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin "      \
    "allow-popups allow-popups-to-escape-sandbox"
#define DOWNLOAD_POLICY "default-src 'none'; frame-ancestors 'none'; sandbox"

static gboolean write_messages(ApiCall *call, JsonText *text, GError **error) {
    Page page;
    Conversation conversation;
    gboolean found = FALSE;
    gint64 seq = 0;
    Id id = api_call_path_id(call, "conversation", error);
    if (id == 0 || !page_read(call, 50, 200, &page, error))
        return FALSE;
    Db *db = api_call_reader(call, error);
    if (db == NULL || !db_snapshot_begin(db, error))
        return FALSE;
    gboolean written = conversation_find(db, id, &conversation, &found, error);
    if (written && !found)
        error_set(error, ERROR_NOT_FOUND, "conversation_unknown", "there is no such conversation");
    json_text_begin_object(text, NULL);
    written = written && found && event_last_seq(db, &seq, error) &&
              message_query_write_page(db, conversation.id, &page, text, error);
    json_text_add_int(text, "event_seq", seq);
    json_text_end_object(text);
    db_snapshot_end(db);
    return written;
}

static void list_messages(ApiCall *call) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    if (write_messages(call, &text, &error))
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

// The first row of a query about {message} or {attachment}, or NULL with an error (not found).
static DbRows *find_row(ApiCall *call, const char *parameter, const char *sql, GError **error) {
    GError *problem = NULL;
    Id id = api_call_path_id(call, parameter, error);
    Db *db = id != 0 ? api_call_reader(call, error) : NULL;
    g_autoptr(DbRows) rows = db != NULL ? db_query(db, sql, DB_VALUES(DB_ID(id)), error) : NULL;
    if (rows == NULL || db_rows_next(rows, &problem))
        return g_steal_pointer(&rows);
    if (problem == NULL)
        error_set(&problem, ERROR_NOT_FOUND, "not_found", "there is no such %s", parameter);
    g_propagate_error(error, problem);
    return NULL;
}

static void get_message(ApiCall *call) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    g_autofree char *sql = g_strconcat(message_query_columns, "WHERE message.id = $1", NULL);
    g_autoptr(DbRows) rows = find_row(call, "message", sql, &error);
    gboolean written = rows != NULL && message_query_write_row(api_call_reader(call, NULL), rows,
                                                               TRUE, &text, &error);
    g_clear_pointer(&rows, db_rows_free);
    if (written)
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

// The blob that the row's column names; NULL with an error (not found) where it names none.
static GBytes *read_blob(ApiCall *call, DbRows *rows, int column, GError **error) {
    gsize length = 0;
    const void *sha256 = db_rows_span(rows, column, &length);
    if (sha256 == NULL || length != SHA256_BYTES) {
        error_set(error, ERROR_NOT_FOUND, "bytes_absent", "these bytes are not kept here");
        return NULL;
    }
    return blob_read(api_call_parts(call)->store, api_call_reader(call, NULL), sha256, error);
}

static void get_html(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(DbRows) rows =
        find_row(call, "message", "SELECT html_sha256 FROM message WHERE id = $1", &error);
    GBytes *html = rows != NULL ? read_blob(call, rows, 0, &error) : NULL;
    g_clear_pointer(&rows, db_rows_free);
    if (html == NULL) {
        api_call_fail(call, error);
        return;
    }
    api_call_add_header(call, "Content-Security-Policy", MESSAGE_POLICY);
    api_call_add_header(call, "X-DNS-Prefetch-Control", "off");
    api_call_add_header(call, "Cache-Control", "private, no-store");
    api_call_answer_bytes(call, 200, "text/html; charset=utf-8", html);
}

// RFC 6266: a plain name for old programs, the true one in UTF-8.
static char *disposition(const char *name) {
    g_autofree char *plain = g_str_to_ascii(name, "C");
    for (char *at = plain; *at != '\0'; at++)
        if (*at < ' ' || *at == 0x7f || *at == '"' || *at == '\\' || *at == '/' || *at == '%')
            *at = '_';
    g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
    return g_strdup_printf("attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, escaped);
}

static void answer_download(ApiCall *call, const char *name, const char *type, GBytes *bytes) {
    g_autofree char *header = disposition(name);
    api_call_add_header(call, "Content-Disposition", header);
    api_call_add_header(call, "Content-Security-Policy", DOWNLOAD_POLICY);
    api_call_answer_bytes(call, 200, type, bytes);
}

static void read_raw(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(DbRows) rows =
        find_row(call, "message", "SELECT raw_sha256, id FROM message WHERE id = $1", &error);
    GBytes *raw = rows != NULL ? read_blob(call, rows, 0, &error) : NULL;
    g_autofree char *name =
        raw != NULL ? g_strdup_printf("%" G_GINT64_FORMAT ".eml", db_rows_id(rows, 1)) : NULL;
    g_clear_pointer(&rows, db_rows_free);
    if (raw != NULL)
        answer_download(call, name, "message/rfc822", raw);
    else
        api_call_fail(call, error);
}

static void get_raw(ApiCall *call) {
    api_call_work(call, read_raw);
}

// A type that is safe to be told to a browser: what claims to be a page or a script is only bytes.
static gboolean is_plain_type(const char *type) {
    static const char *const dangerous[] = {"html", "xml", "script", "svg", "xsl", "pdf"};
    for (const char *at = type; *at != '\0'; at++)
        if (!g_ascii_isalnum(*at) && strchr("/.+-_", *at) == NULL)
            return FALSE;
    for (gsize at = 0; at < G_N_ELEMENTS(dangerous); at++)
        if (strstr(type, dangerous[at]) != NULL)
            return FALSE;
    return strchr(type, '/') != NULL;
}

static void read_attachment(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(DbRows) rows = find_row(
        call, "attachment", "SELECT sha256, name, type FROM attachment WHERE id = $1", &error);
    GBytes *bytes = rows != NULL ? read_blob(call, rows, 0, &error) : NULL;
    g_autofree char *name = bytes != NULL ? g_strdup(db_rows_text(rows, 1)) : NULL;
    g_autofree char *type = bytes != NULL ? g_strdup(db_rows_text(rows, 2)) : NULL;
    g_clear_pointer(&rows, db_rows_free);
    if (bytes != NULL)
        answer_download(call, name != NULL ? name : "attachment",
                        is_plain_type(type) ? type : "application/octet-stream", bytes);
    else
        api_call_fail(call, error);
}

static void get_attachment(ApiCall *call) {
    api_call_work(call, read_attachment);
}

const ApiRoute api_message_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/conversations/{conversation}/messages",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = list_messages,
     .query = PAGE_QUERY},
    {.method = "GET",
     .pattern = "/api/v1/messages/{message}",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = get_message},
    {.method = "GET",
     .pattern = "/api/v1/messages/{message}/html",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = get_html},
    {.method = "GET",
     .pattern = "/api/v1/messages/{message}/raw",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = get_raw},
    {.method = "GET",
     .pattern = "/api/v1/attachments/{attachment}",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = get_attachment},
    {0},
};
