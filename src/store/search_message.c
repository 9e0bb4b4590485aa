#include "store/search_message.h"

#include <jansson.h>
#include <string.h>

static const char *member(const json_t *party, const char *name) {
    return json_string_value(json_object_get(party, name));
}

static void parties_add(SearchDocument *document, const json_t *list) {
    size_t index;
    const json_t *party;
    json_array_foreach(list, index, party) {
        search_document_add_to(document, member(party, "address"), member(party, "name"));
    }
}

static void headers_add(SearchDocument *document, const char *text) {
    static const char *const lists[] = {"to", "cc", "bcc"};
    json_t *headers = json_loads(text, 0, NULL);
    const json_t *from = json_object_get(headers, "from");
    search_document_add_from(document, member(from, "address"), member(from, "name"));
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        parties_add(document, json_object_get(headers, lists[i]));
    json_decref(headers);
}

static gboolean attachments_add(Db *db, Id message_id, SearchDocument *document, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT name FROM attachment WHERE message_id = $1 AND is_inline = 0",
                 DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    g_autoptr(GError) failure = NULL;
    while (db_rows_next(rows, &failure))
        search_document_add_attachment(document, db_rows_text(rows, 0));
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static SearchDocument *row_document(DbRows *row) {
    SearchDocument *document = search_document_new();
    search_document_set_occurred(document, db_rows_instant(row, 3));
    search_document_add_subject(document, db_rows_text(row, 0));
    search_document_add_text(document, db_rows_text(row, 1));
    headers_add(document, db_rows_text(row, 2));
    return document;
}

gboolean search_message_read(Db *db, Id message_id, SearchDocument **document, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT subject, text, headers, occurred_at FROM message WHERE id = $1"
                 " AND removed_at IS NULL",
                 DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    g_autoptr(GError) failure = NULL;
    g_autoptr(SearchDocument) made = db_rows_next(rows, &failure) ? row_document(rows) : NULL;
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (made != NULL && !attachments_add(db, message_id, made, error))
        return FALSE;
    *document = g_steal_pointer(&made);
    return TRUE;
}
