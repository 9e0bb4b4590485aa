#include "desk/customer_field.h"

#include "base/error.h"
#include "store/custom_field.h"

json_t *customer_field_load(Db *db, Id root_id, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT field.key, field.kind, customer_field.value FROM customer_field JOIN field"
                 " ON field.id = customer_field.field_id WHERE customer_id = $1 AND"
                 " field.removed_at IS NULL ORDER BY field.key",
                 DB_VALUES(DB_ID(root_id)), error);
    if (rows == NULL)
        return NULL;
    json_t *values = json_object();
    while (db_rows_next(rows, &problem)) {
        CustomFieldKind kind = CUSTOM_FIELD_TEXT;
        if (custom_field_kind_parse(db_rows_text(rows, 1), &kind))
            json_object_set_new(values, db_rows_text(rows, 0),
                                custom_field_value(kind, db_rows_text(rows, 2)));
    }
    if (problem == NULL)
        return values;
    json_decref(values);
    g_propagate_error(error, problem);
    return NULL;
}

static const CustomField *find(const GPtrArray *fields, const char *key, GError **error) {
    const CustomField *field = custom_field_find(fields, key);
    if (field == NULL)
        error_set(error, ERROR_INVALID, "field_unknown", "%.60s is no field of customers", key);
    return field;
}

static gboolean write_value(Db *db, Id root_id, const CustomField *field, const json_t *value,
                            GError **error) {
    g_autofree char *text = NULL;
    if (json_is_null(value) && field->is_required) {
        error_set(error, ERROR_INVALID, "field_required", "%.60s is required: it cannot be emptied",
                  field->key);
        return FALSE;
    }
    if (json_is_null(value))
        return db_run(db, "DELETE FROM customer_field WHERE customer_id = $1 AND field_id = $2",
                      DB_VALUES(DB_ID(root_id), DB_ID(field->id)), error);
    text = custom_field_read(field, value, error);
    return text != NULL &&
           db_run(db,
                  "INSERT INTO customer_field (customer_id, field_id, value) VALUES ($1, $2, $3) ON"
                  " CONFLICT (customer_id, field_id) DO UPDATE SET value = excluded.value",
                  DB_VALUES(DB_ID(root_id), DB_ID(field->id), DB_TEXT(text)), error);
}

gboolean customer_field_set(Db *db, Id root_id, const json_t *values, CustomerActor who,
                            GError **error) {
    const char *key;
    json_t *value;
    g_autoptr(GPtrArray) fields = custom_field_list(db, "customer", error);
    if (fields == NULL)
        return FALSE;
    json_object_foreach((json_t *)(guintptr)values, key, value) {
        const CustomField *field = find(fields, key, error);
        if (field == NULL || !write_value(db, root_id, field, value, error) ||
            !customer_record(db, root_id, json_is_null(value) ? "field_emptied" : "field_set",
                             field->id, who, error))
            return FALSE;
    }
    return TRUE;
}

char *customer_field_search(Db *db, const char *key, const char *text, Id *field_id,
                            GError **error) {
    g_autoptr(GPtrArray) fields = custom_field_list(db, "customer", error);
    const CustomField *field = fields != NULL ? find(fields, key, error) : NULL;
    if (field == NULL)
        return NULL;
    *field_id = field->id;
    return custom_field_read_text(field, text, error);
}
