// /api/v1/fields: what the workspace wants to know of conversations and customers.
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "store/audit.h"
#include "store/custom_field.h"

#define SELECT                                                                                     \
    "SELECT id, version, object, key, label, kind, choices, is_required, position, created_at "    \
    "FROM field "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"version", COLUMN_INT},
    {"object", COLUMN_TEXT},
    {"key", COLUMN_TEXT},
    {"label", COLUMN_TEXT},
    {"kind", COLUMN_TEXT},
    {"choices", COLUMN_RAW},
    {"required", COLUMN_BOOL},
    {"position", COLUMN_INT},
    {"created_at", COLUMN_INSTANT},
    {0},
};

static void list_fields(ApiCall *call) {
    const char *object = api_call_query(call, "object");
    rows_answer_list(call, columns,
                     SELECT "WHERE removed_at IS NULL AND ($1 IS NULL OR object = $1)"
                            " ORDER BY object, position, label",
                     DB_VALUES(DB_TEXT(object)));
}

static void get_field(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "field", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        rows_answer_one(call, columns, SELECT "WHERE id = $1 AND removed_at IS NULL",
                        DB_VALUES(DB_ID(id)), "field_unknown");
}

static gboolean answer_field(ApiCall *call, Db *db, Id id, unsigned status, const char *action,
                             GError **error) {
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    if (!audit_add(db, actor, actor_id, action, "field", id, NULL, error))
        return FALSE;
    json_t *json = rows_load_one(db, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                                 "field_unknown", error);
    if (json == NULL)
        return FALSE;
    api_call_add_version(call, json_integer_value(json_object_get(json, "version")));
    api_call_answer_json(call, status, json);
    return TRUE;
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    const CustomField *field = data;
    return custom_field_add(db, field, clock_now(), error) &&
           answer_field(call, db, field->id, 201, "field_added", error);
}

// The members that can be changed later, too.
typedef struct {
    const char *label;
    json_t *choices;
    int is_required; // -1: stays
    json_int_t position;
} Members;

static gboolean take(CustomField *field, const Members *members, GError **error) {
    if (members->choices != NULL && !json_is_array(members->choices)) {
        error_set(error, ERROR_INVALID, "field_invalid", "choices must be a list of texts");
        return FALSE;
    }
    if (members->label != NULL) {
        g_free(field->label);
        field->label = g_strdup(members->label);
    }
    if (members->choices != NULL) {
        json_decref(field->choices);
        field->choices = json_incref(members->choices);
    }
    if (members->is_required >= 0)
        field->is_required = members->is_required;
    field->position = CLAMP(members->position, 0, 1000000);
    return custom_field_check(field, error);
}

static CustomField *decode_new(ApiCall *call, GError **error) {
    const char *object, *key, *kind;
    Members members = {.is_required = -1};
    g_autoptr(CustomField) field = custom_field_new();
    if (!api_call_unpack(call, error, "{s:s, s:s, s:s, s:s, s?o, s?b, s?I}", "object", &object,
                         "key", &key, "label", &members.label, "kind", &kind, "choices",
                         &members.choices, "required", &members.is_required, "position",
                         &members.position))
        return NULL;
    field->id = id_next();
    field->object = g_strdup(object);
    field->key = g_strdup(key);
    if (!custom_field_kind_parse(kind, &field->kind)) {
        error_set(error, ERROR_INVALID, "field_invalid",
                  "kind must be text, number, date, boolean, choice or url");
        return NULL;
    }
    return take(field, &members, error) ? g_steal_pointer(&field) : NULL;
}

static void free_field(gpointer data) {
    custom_field_free(data);
}

static void add_field(ApiCall *call) {
    GError *error = NULL;
    CustomField *field = decode_new(call, &error);
    if (field != NULL)
        api_call_write(call, write_new, field, free_field);
    else
        api_call_fail(call, error);
}

// What is to change of the field; texts live in the call.
typedef struct {
    Id id;
    Members members;
    gboolean sets_position;
} Change;

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Change *change = data;
    g_autoptr(CustomField) field = custom_field_get(db, change->id, error);
    if (field == NULL || !api_call_match_version(call, field->version, error))
        return FALSE;
    Members members = change->members;
    if (!change->sets_position)
        members.position = field->position;
    return take(field, &members, error) && custom_field_change(db, field, error) &&
           answer_field(call, db, field->id, 200, "field_changed", error);
}

static void change_field(ApiCall *call) {
    GError *error = NULL;
    Change *change = g_new0(Change, 1);
    change->members = (Members){.is_required = -1, .position = -1};
    change->id = api_call_path_id(call, "field", &error);
    if (change->id == 0 ||
        !api_call_unpack(call, &error, "{s?s, s?o, s?b, s?I}", "label", &change->members.label,
                         "choices", &change->members.choices, "required",
                         &change->members.is_required, "position", &change->members.position)) {
        g_free(change);
        api_call_fail(call, error);
        return;
    }
    change->sets_position = change->members.position >= 0;
    api_call_write(call, write_change, change, g_free);
}

static gboolean write_removal(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Id *id = data;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    g_autoptr(CustomField) field = custom_field_get(db, *id, error);
    if (field == NULL || !api_call_match_version(call, field->version, error) ||
        !custom_field_remove(db, *id, clock_now(), error) ||
        !audit_add(db, actor, actor_id, "field_removed", "field", *id, NULL, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void remove_field(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "field", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        api_call_write(call, write_removal, g_memdup2(&id, sizeof id), g_free);
}

const ApiRoute api_custom_field_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/fields",
     .permission = PERMISSION_SIGNED_IN,
     .handler = list_fields,
     .query = "object"},
    {.method = "POST",
     .pattern = "/api/v1/fields",
     .permission = PERMISSION_WORKSPACE_SHARE,
     .handler = add_field},
    {.method = "GET",
     .pattern = "/api/v1/fields/{field}",
     .permission = PERMISSION_SIGNED_IN,
     .handler = get_field},
    {.method = "PATCH",
     .pattern = "/api/v1/fields/{field}",
     .permission = PERMISSION_WORKSPACE_SHARE,
     .handler = change_field},
    {.method = "DELETE",
     .pattern = "/api/v1/fields/{field}",
     .permission = PERMISSION_WORKSPACE_SHARE,
     .handler = remove_field},
    {0},
};
