#include "reports/personal_data.h"

#include <string.h>

#include "base/json_text.h"
#include "store/archive.h"
#include "store/blob.h"

#define PARTS                                                                                      \
    "(SELECT id FROM customer WHERE root_id = (SELECT root_id FROM customer WHERE id = $1))"
#define NAME_CHARACTERS 40 // of a file's own name, beside its id

typedef struct {
    Store *store;
    Db *db;
    Id customer_id;
    int fd;
} Work;

// A list of customer.json: its name and the query, whose columns' names stand in columns.
typedef struct {
    const char *name;
    const char *columns; // with spaces between; "..._at" are instants, "id" and "..._id" are ids
    const char *sql;
} Part;

static const Part parts[] = {
    {"customers",
     "id name language company_id preferred_channel_id is_held created_at merged_into_id",
     "SELECT id, name, language, company_id, preferred_channel_id, is_held, created_at, merged_into"
     " FROM customer WHERE id IN " PARTS " ORDER BY id"},
    {"companies", "id name",
     "SELECT id, name FROM company WHERE id IN (SELECT company_id FROM customer WHERE id IN " PARTS
     ")"},
    {"identities", "id kind address name blocked_at created_at",
     "SELECT id, kind, address, name, blocked_at, created_at FROM identity WHERE customer_id IN"
     " " PARTS " ORDER BY id"},
    {"fields", "key label value",
     "SELECT field.key, field.label, value FROM customer_field JOIN field ON field.id ="
     " customer_field.field_id WHERE customer_id IN " PARTS " ORDER BY field.key"},
    {"notes", "id agent_id text created_at changed_at",
     "SELECT id, agent_id, text, created_at, changed_at FROM customer_note WHERE customer_id IN"
     " " PARTS " ORDER BY id"},
    {"consents", "id purpose state occurred_at source agent_id recorded_at",
     "SELECT id, purpose, state, occurred_at, source, agent_id, recorded_at FROM customer_consent"
     " WHERE customer_id IN " PARTS " ORDER BY occurred_at, id"},
};

static const Part conversation_parts[] = {
    {"conversation", "id channel_id status subject created_at last_message_at",
     "SELECT id, channel_id, status, subject, created_at, last_message_at FROM conversation WHERE"
     " id = $1"},
    {"fields", "key label value",
     "SELECT field.key, field.label, value FROM conversation_field JOIN field ON field.id ="
     " conversation_field.field_id WHERE conversation_id = $1 ORDER BY field.key"},
    {"participants", "address name",
     "SELECT address, name FROM participant WHERE conversation_id = $1 ORDER BY address"},
    {"messages",
     "id direction author agent_id identity_id class subject text headers state occurred_at "
     "received_at removed_at",
     "SELECT id, direction, author, agent_id, identity_id, class, subject, text, headers, state,"
     " occurred_at, received_at, removed_at FROM message WHERE conversation_id = $1 ORDER BY"
     " occurred_at, id"},
    {"calls", "message_id kind outcome duration_ms",
     "SELECT message_id, kind, outcome, duration_ms FROM call_log WHERE message_id IN (SELECT id"
     " FROM message WHERE conversation_id = $1)"},
    {"attachments", "id message_id name type size state",
     "SELECT id, message_id, name, type, size, state FROM attachment WHERE message_id IN (SELECT id"
     " FROM message WHERE conversation_id = $1) ORDER BY id"},
    {"drafts", "id agent_id content updated_at",
     "SELECT id, agent_id, content, updated_at FROM draft WHERE conversation_id = $1"},
};

static void write_column(JsonText *text, DbRows *rows, int at, const char *name) {
    if (db_rows_is_null(rows, at))
        json_text_add_null(text, name);
    else if (g_str_has_suffix(name, "_at"))
        json_text_add_instant(text, name, db_rows_instant(rows, at));
    else if (strcmp(name, "id") == 0 || g_str_has_suffix(name, "_id"))
        json_text_add_id(text, name, db_rows_id(rows, at));
    else
        json_text_add_text(text, name, db_rows_text(rows, at));
}

static gboolean write_part(Work *work, const Part *part, Id id, JsonText *text, GError **error) {
    GError *problem = NULL;
    g_auto(GStrv) names = g_strsplit(part->columns, " ", -1);
    g_autoptr(DbRows) rows = db_query(work->db, part->sql, DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return FALSE;
    json_text_begin_array(text, part->name);
    while (db_rows_next(rows, &problem)) {
        json_text_begin_object(text, NULL);
        for (int at = 0; names[at] != NULL; at++)
            write_column(text, rows, at, names[at]);
        json_text_end_object(text);
    }
    json_text_end_array(text);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static gboolean add_file(Work *work, const char *name, const void *data, gsize length,
                         GError **error) {
    return archive_begin(work->fd, name, (gint64)length, error) &&
           archive_write(work->fd, data, length, error) &&
           archive_pad(work->fd, (gint64)length, error);
}

static gboolean add_json(Work *work, const char *name, const Part *list, gsize count, Id id,
                         GError **error) {
    g_auto(JsonText) text;
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    for (gsize at = 0; at < count; at++)
        if (!write_part(work, &list[at], id, &text, error))
            return FALSE;
    json_text_end_object(&text);
    return add_file(work, name, text.out->str, text.out->len, error);
}

// Nothing of a stranger's name but letters and digits, and only so much that it fits.
static char *file_name(const char *directory, Id id, const char *name) {
    GString *path = g_string_new(NULL);
    g_string_printf(path, "%s/%" G_GINT64_FORMAT "-", directory, id);
    for (int at = 0; name != NULL && name[at] != '\0' && at < NAME_CHARACTERS; at++)
        g_string_append_c(path, g_ascii_isalnum(name[at]) || name[at] == '.' ? name[at] : '_');
    return g_string_free(path, FALSE);
}

// Bytes that are not here any more are left out: the JSON says that they were.
static gboolean add_blob(Work *work, const char *name, DbRows *rows, int column, GError **error) {
    gsize length = 0;
    const void *sha256 = db_rows_span(rows, column, &length);
    if (sha256 == NULL || length != SHA256_BYTES)
        return TRUE;
    g_autoptr(GBytes) bytes = blob_read(work->store, work->db, sha256, NULL);
    return bytes == NULL ||
           add_file(work, name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
}

static gboolean add_blobs(Work *work, const char *directory, const char *sql, Id conversation_id,
                          GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(work->db, sql, DB_VALUES(DB_ID(conversation_id)), error);
    if (rows == NULL)
        return FALSE;
    while (problem == NULL && db_rows_next(rows, &problem)) {
        g_autofree char *name = file_name(directory, db_rows_id(rows, 0), db_rows_text(rows, 1));
        add_blob(work, name, rows, 2, &problem);
    }
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static gboolean add_conversation(Work *work, Id id, GError **error) {
    g_autofree char *name = g_strdup_printf("conversations/%" G_GINT64_FORMAT ".json", id);
    return add_json(work, name, conversation_parts, G_N_ELEMENTS(conversation_parts), id, error) &&
           add_blobs(work, "attachments",
                     "SELECT id, name, sha256 FROM attachment WHERE message_id IN (SELECT id FROM"
                     " message WHERE conversation_id = $1) ORDER BY id",
                     id, error) &&
           add_blobs(work, "mails",
                     "SELECT id, 'original.eml', raw_sha256 FROM message WHERE conversation_id = $1"
                     " AND raw_sha256 IS NOT NULL ORDER BY id",
                     id, error);
}

// The person's own, and those of others in which the person wrote.
static GArray *list_conversations(Work *work, GError **error) {
    return db_query_ids(
        work->db,
        "SELECT id FROM conversation WHERE customer_id IN " PARTS " UNION SELECT"
        " conversation_id FROM message WHERE identity_id IN (SELECT id FROM identity WHERE"
        " customer_id IN " PARTS ") ORDER BY 1",
        DB_VALUES(DB_ID(work->customer_id)), error);
}

static gboolean write_all(Work *work, GError **error) {
    if (!add_json(work, "customer.json", parts, G_N_ELEMENTS(parts), work->customer_id, error))
        return FALSE;
    g_autoptr(GArray) conversations = list_conversations(work, error);
    for (guint at = 0; conversations != NULL && at < conversations->len; at++)
        if (!add_conversation(work, g_array_index(conversations, Id, at), error))
            return FALSE;
    return conversations != NULL && archive_end(work->fd, error);
}

gboolean personal_data_write(Store *store, Id customer_id, int fd, GError **error) {
    Work work = {.store = store, .customer_id = customer_id, .fd = fd};
    work.db = store_reader_take(store, error);
    if (work.db == NULL)
        return FALSE;
    gboolean is_written = write_all(&work, error);
    store_reader_give(store, work.db);
    return is_written;
}
