#include "store/search_index.h"

#include "store/db_defer.h"
#include "store/db_open.h"
#include "store/search_document.h"
#include "store/search_lemma.h"
#include "store/search_message.h"

#define PURGED_PAGES "-200" // a step of the writer stays short
#define VERSION "1"         // of the analysis and of these tables; a change empties the index

// number is dense, so that the lists of the index stay short; it grows with time. The index keeps
// no texts (content=''); an entry that is gone leaves words there that lead nowhere.
static const char *const tables =
    "CREATE TABLE search_entry (\n"
    "    number INTEGER PRIMARY KEY,\n"
    "    message_id BIGINT NOT NULL,\n"
    "    occurred_at BIGINT NOT NULL,\n"
    "    words BIGINT NOT NULL\n"
    ");\n"
    "CREATE INDEX search_entry_message ON search_entry (message_id);\n"
    "CREATE VIRTUAL TABLE search USING fts5 (subject, text, sender, recipient, attachment,\n"
    "    content='', columnsize=0, tokenize='dialogd');\n";

static gboolean index_make(Db *db, const char *version, GError **error) {
    return db_begin(db, error) &&
           db_script(db, "DROP TABLE IF EXISTS search; DROP TABLE IF EXISTS search_entry;",
                     error) &&
           db_script(db, tables, error) &&
           db_run(db, "INSERT INTO search (search, rank) VALUES ('automerge', 8)", DB_NO_VALUES,
                  error) &&
           db_run(db,
                  "INSERT INTO setting (name, value) VALUES ('search_version', $1)"
                  " ON CONFLICT (name) DO UPDATE SET value = $1",
                  DB_VALUES(DB_TEXT(version)), error) &&
           db_run(db,
                  "INSERT INTO setting (name, value) SELECT 'search_rebuild', '0'"
                  " WHERE EXISTS (SELECT 1 FROM message)"
                  " ON CONFLICT (name) DO UPDATE SET value = '0'",
                  DB_NO_VALUES, error) &&
           db_commit(db, error);
}

gboolean search_index_open(Db *db, GError **error) {
    g_autofree char *version = g_strconcat(VERSION, " ", lemma_engine(), NULL);
    gint64 same = 0;
    if (!db_query_int(db,
                      "SELECT count(*) FROM setting WHERE name = 'search_version' AND value = $1",
                      DB_VALUES(DB_TEXT(version)), &same, NULL, error))
        return FALSE;
    if (same > 0 || index_make(db, version, error))
        return TRUE;
    db_rollback(db);
    return FALSE;
}

typedef struct {
    gint64 number;
    SearchDocument *document;
} Entry;

static void entry_free(gpointer data) {
    Entry *entry = data;
    search_document_free(entry->document);
    g_free(entry);
}

static DbValue field_value(const Entry *entry, SearchField field) {
    const GString *words = entry->document->fields.fields[field];
    if (words == NULL)
        return DB_NULL;
    return (DbValue){.type = DB_VALUE_TEXT, .bytes = {.data = words->str, .length = words->len}};
}

static gboolean entry_index(Db *db, gpointer data, GError **error) {
    const Entry *entry = data;
    return db_run(db,
                  "INSERT INTO search (rowid, subject, text, sender, recipient, attachment)"
                  " VALUES ($1, $2, $3, $4, $5, $6)",
                  DB_VALUES(DB_INT(entry->number), field_value(entry, SEARCH_SUBJECT),
                            field_value(entry, SEARCH_TEXT), field_value(entry, SEARCH_SENDER),
                            field_value(entry, SEARCH_RECIPIENT),
                            field_value(entry, SEARCH_ATTACHMENT)),
                  error);
}

// The index is written once a batch: within a job's savepoint it would be flushed for each job.
gboolean search_add(Db *db, Id message_id, const SearchDocument *document, GError **error) {
    const SearchFields *fields = &document->fields;
    Instant occurred_at =
        fields->occurred_at != INSTANT_NONE ? fields->occurred_at : id_instant(message_id);
    if (!db_run(db, "INSERT INTO search_entry (message_id, occurred_at, words) VALUES ($1, $2, $3)",
                DB_VALUES(DB_ID(message_id), DB_INT(occurred_at), DB_INT(fields->words)), error))
        return FALSE;
    Entry *entry = g_new(Entry, 1);
    entry->number = db_last_number(db);
    entry->document = search_document_ref(document);
    return db_defer(db, entry_index, entry, entry_free, error);
}

// Adds first: the greatest number must never be given twice, since its words stay in the index.
gboolean search_change(Db *db, Id message_id, const SearchDocument *document, GError **error) {
    return search_add(db, message_id, document, error) &&
           db_run(db,
                  "DELETE FROM search_entry WHERE message_id = $1 AND number <"
                  " (SELECT max(number) FROM search_entry WHERE message_id = $1)",
                  DB_VALUES(DB_ID(message_id)), error);
}

static gboolean entry_take_out(Db *db, gpointer data, GError **error) {
    const Entry *entry = data;
    return db_run(db,
                  "INSERT INTO search (search, rowid, subject, text, sender, recipient, attachment)"
                  " VALUES ('delete', $1, $2, $3, $4, $5, $6)",
                  DB_VALUES(DB_INT(entry->number), field_value(entry, SEARCH_SUBJECT),
                            field_value(entry, SEARCH_TEXT), field_value(entry, SEARCH_SENDER),
                            field_value(entry, SEARCH_RECIPIENT),
                            field_value(entry, SEARCH_ATTACHMENT)),
                  error);
}

static gboolean take_out(Db *db, Id message_id, SearchDocument *document, GError **error) {
    gint64 number = 0;
    gboolean found;
    if (!db_query_int(db, "SELECT number FROM search_entry WHERE message_id = $1",
                      DB_VALUES(DB_ID(message_id)), &number, &found, error))
        return FALSE;
    if (!found)
        return TRUE;
    Entry *entry = g_new(Entry, 1);
    entry->number = number;
    entry->document = search_document_ref(document);
    return db_defer(db, entry_take_out, entry, entry_free, error) &&
           db_run(db, "DELETE FROM search_entry WHERE message_id = $1",
                  DB_VALUES(DB_ID(message_id)), error);
}

// An edited message left former words in the index that nobody can name: it is made anew at the
// next start.
static gboolean note_edited(Db *db, Id message_id, GError **error) {
    return db_run(db,
                  "UPDATE setting SET value = 'stale' WHERE name = 'search_version' AND EXISTS"
                  " (SELECT 1 FROM message WHERE id = $1 AND (edited_version <> 0 OR removed_at IS"
                  " NOT NULL))",
                  DB_VALUES(DB_ID(message_id)), error);
}

gboolean search_forget(Db *db, Id message_id, GError **error) {
    g_autoptr(SearchDocument) document = NULL;
    return search_message_read(db, message_id, &document, error) &&
           note_edited(db, message_id, error) &&
           (document == NULL || take_out(db, message_id, document, error));
}

// A step that merged nothing changes fewer than two rows (fts5, "merge").
gboolean search_purge(Db *db, gboolean *is_done, GError **error) {
    gint64 before = 0;
    gint64 after = 0;
    gboolean found;
    if (!db_query_int(db, "SELECT total_changes()", DB_NO_VALUES, &before, &found, error) ||
        !db_run(db, "INSERT INTO search (search, rank) VALUES ('merge', " PURGED_PAGES ")",
                DB_NO_VALUES, error) ||
        !db_query_int(db, "SELECT total_changes()", DB_NO_VALUES, &after, &found, error))
        return FALSE;
    *is_done = after - before < 2;
    return TRUE;
}

GArray *search_index_missing(Db *db, Id after, guint limit, GError **error) {
    return db_query_ids(
        db,
        "SELECT id FROM message WHERE id > $1 AND NOT EXISTS"
        " (SELECT 1 FROM search_entry WHERE message_id = message.id) ORDER BY id LIMIT $2",
        DB_VALUES(DB_INT(after), DB_INT(limit)), error);
}
