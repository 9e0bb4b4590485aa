#include "store/custom_field.h"

#include "base/error.h"

#define SELECT                                                                                     \
    "SELECT id, object, key, label, kind, choices, is_required, position, version FROM field "

static CustomField *read_row(DbRows *rows) {
    CustomField *field = custom_field_new();
    json_t *choices = json_loads(db_rows_text(rows, 5), 0, NULL);
    field->id = db_rows_id(rows, 0);
    field->object = g_strdup(db_rows_text(rows, 1));
    field->key = g_strdup(db_rows_text(rows, 2));
    field->label = g_strdup(db_rows_text(rows, 3));
    if (!custom_field_kind_parse(db_rows_text(rows, 4), &field->kind))
        field->kind = CUSTOM_FIELD_TEXT;
    if (choices != NULL) {
        json_decref(field->choices);
        field->choices = choices;
    }
    field->is_required = db_rows_int(rows, 6) != 0;
    field->position = db_rows_int(rows, 7);
    field->version = db_rows_int(rows, 8);
    return field;
}

static GPtrArray *list(Db *db, const char *sql, DbValue value, GError **error) {
    GError *failure = NULL;
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func((GDestroyNotify)custom_field_free);
    g_autoptr(DbRows) rows = db_query(db, sql, DB_VALUES(value), error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure))
        g_ptr_array_add(fields, read_row(rows));
    if (failure == NULL)
        return g_steal_pointer(&fields);
    g_propagate_error(error, failure);
    return NULL;
}

GPtrArray *custom_field_list(Db *db, const char *object, GError **error) {
    return list(db, SELECT "WHERE object = $1 AND removed_at IS NULL ORDER BY position, label",
                DB_TEXT(object), error);
}

CustomField *custom_field_get(Db *db, Id id, GError **error) {
    g_autoptr(GPtrArray) one =
        list(db, SELECT "WHERE id = $1 AND removed_at IS NULL", DB_ID(id), error);
    if (one != NULL && one->len == 1)
        return g_ptr_array_steal_index(one, 0);
    if (one != NULL)
        error_set(error, ERROR_NOT_FOUND, "field_unknown", "there is no such field");
    return NULL;
}

const CustomField *custom_field_find(const GPtrArray *fields, const char *key) {
    for (guint at = 0; at < fields->len; at++) {
        const CustomField *field = fields->pdata[at];
        if (g_strcmp0(field->key, key) == 0)
            return field;
    }
    return NULL;
}

static gboolean check_room(Db *db, const CustomField *field, GError **error) {
    g_autoptr(GPtrArray) fields = custom_field_list(db, field->object, error);
    if (fields == NULL)
        return FALSE;
    if (custom_field_find(fields, field->key) != NULL)
        error_set(error, ERROR_CONFLICT, "field_exists", "a field of this key exists");
    else if (fields->len >= CUSTOM_FIELDS_MAX)
        error_set(error, ERROR_LIMIT, "fields_too_many", "there are 200 fields: remove one");
    else
        return TRUE;
    return FALSE;
}

gboolean custom_field_add(Db *db, const CustomField *field, Instant now, GError **error) {
    g_autofree char *choices = json_dumps(field->choices, JSON_COMPACT);
    return check_room(db, field, error) &&
           db_run(db,
                  "INSERT INTO field (id, object, key, label, kind, choices, is_required, position,"
                  " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                  DB_VALUES(DB_ID(field->id), DB_TEXT(field->object), DB_TEXT(field->key),
                            DB_TEXT(field->label), DB_TEXT(custom_field_kind_name(field->kind)),
                            DB_TEXT(choices), DB_INT(field->is_required), DB_INT(field->position),
                            DB_INSTANT(now)),
                  error);
}

gboolean custom_field_change(Db *db, const CustomField *field, GError **error) {
    g_autofree char *choices = json_dumps(field->choices, JSON_COMPACT);
    return db_run(db,
                  "UPDATE field SET label = $2, choices = $3, is_required = $4, position = $5,"
                  " version = version + 1 WHERE id = $1",
                  DB_VALUES(DB_ID(field->id), DB_TEXT(field->label), DB_TEXT(choices),
                            DB_INT(field->is_required), DB_INT(field->position)),
                  error);
}

gboolean custom_field_remove(Db *db, Id id, Instant now, GError **error) {
    return db_run(db, "UPDATE field SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL",
                  DB_VALUES(DB_ID(id), DB_INSTANT(now)), error);
}

json_t *conversation_field_load(Db *db, Id conversation_id, GError **error) {
    GError *failure = NULL;
    CustomFieldKind kind;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT field.key, field.kind, value.value FROM conversation_field AS value"
                 " JOIN field ON field.id = value.field_id WHERE value.conversation_id = $1"
                 " AND field.removed_at IS NULL ORDER BY field.position, field.label",
                 DB_VALUES(DB_ID(conversation_id)), error);
    if (rows == NULL)
        return NULL;
    json_t *values = json_object();
    while (db_rows_next(rows, &failure))
        if (custom_field_kind_parse(db_rows_text(rows, 1), &kind))
            json_object_set_new(values, db_rows_text(rows, 0),
                                custom_field_value(kind, db_rows_text(rows, 2)));
    if (failure == NULL)
        return values;
    json_decref(values);
    g_propagate_error(error, failure);
    return NULL;
}

gboolean conversation_field_set(Db *db, Id conversation_id, Id field_id, const char *text,
                                gboolean *changed, GError **error) {
    gint64 count = 0;
    gboolean done =
        text == NULL
            ? db_run_counted(db,
                             "DELETE FROM conversation_field WHERE conversation_id = $1"
                             " AND field_id = $2",
                             DB_VALUES(DB_ID(conversation_id), DB_ID(field_id)), &count, error)
            : db_run_counted(db,
                             "INSERT INTO conversation_field (conversation_id, field_id, value)"
                             " VALUES ($1, $2, $3) ON CONFLICT (conversation_id, field_id)"
                             " DO UPDATE SET value = excluded.value"
                             " WHERE conversation_field.value <> excluded.value",
                             DB_VALUES(DB_ID(conversation_id), DB_ID(field_id), DB_TEXT(text)),
                             &count, error);
    *changed = count > 0;
    return done;
}
