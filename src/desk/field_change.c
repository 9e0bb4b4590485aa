#include "desk/field_change.h"

#include "base/error.h"
#include "desk/record.h"
#include "store/custom_field.h"

typedef struct {
    Db *db;
    Id conversation_id;
    Actor actor;
    Id actor_id;
} Change;

static gboolean refuse(GError **error, const char *code, const char *key, const char *what) {
    error_set(error, ERROR_INVALID, code, "%.60s %s", key, what);
    return FALSE;
}

// *text is NULL for a field that is emptied.
static gboolean read_value(const CustomField *field, const json_t *value, char **text,
                           GError **error) {
    if (json_is_null(value))
        return !field->is_required ||
               refuse(error, "field_required", field->key, "is required: it cannot be emptied");
    *text = custom_field_read(field, value, error);
    return *text != NULL;
}

static gboolean set_value(const Change *change, const CustomField *field, const json_t *value,
                          GError **error) {
    g_autofree char *text = NULL;
    gboolean changed;
    if (!read_value(field, value, &text, error) ||
        !conversation_field_set(change->db, change->conversation_id, field->id, text, &changed,
                                error))
        return FALSE;
    return !changed ||
           record_happening(
               change->db, EVENT_FIELD_CHANGED, change->conversation_id, change->actor,
               change->actor_id,
               json_pack("{s:I, s:b}", "field", (json_int_t)field->id, "set", text != NULL), error);
}

gboolean field_change_conversation(Db *db, Id conversation_id, const json_t *values, Actor actor,
                                   Id actor_id, GError **error) {
    const Change change = {db, conversation_id, actor, actor_id};
    const char *key;
    json_t *value;
    g_autoptr(GPtrArray) fields = custom_field_list(db, "conversation", error);
    if (fields == NULL)
        return FALSE;
    json_object_foreach((json_t *)(guintptr)values, key, value) {
        const CustomField *field = custom_field_find(fields, key);
        if (field == NULL)
            return refuse(error, "field_unknown", key, "is no field of conversations");
        if (!set_value(&change, field, value, error))
            return FALSE;
    }
    return TRUE;
}
