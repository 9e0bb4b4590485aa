// /api/v1/customers/{customer}/notes: what colleagues should know about a customer.
#include "api/customer_load.h"
#include "api/field.h"
#include "api/resources.h"
#include "api/rows.h"
#include "desk/customer_note.h"

#define SELECT                                                                                     \
    "SELECT id, version, customer_id, agent_id, text, created_at, changed_at FROM customer_note "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"version", COLUMN_INT},
    {"customer_id", COLUMN_ID},
    {"agent_id", COLUMN_ID},
    {"text", COLUMN_TEXT},
    {"created_at", COLUMN_INSTANT},
    {"changed_at", COLUMN_INSTANT},
    {0},
};

static void list_notes(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "customer", &error);
    if (id == 0) {
        api_call_fail(call, error);
        return;
    }
    rows_answer_list(call, columns,
                     SELECT
                     "WHERE customer_id IN (SELECT id FROM customer WHERE root_id = (SELECT root_id"
                     " FROM customer WHERE id = $1)) ORDER BY id DESC LIMIT 1000",
                     DB_VALUES(DB_ID(id)));
}

typedef struct {
    Id customer_id;
    Id note_id;
    const char *text; // borrowed from the body
} Action;

static gboolean answer(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    json_t *json = rows_load_one(db, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                                 "note_unknown", error);
    if (json == NULL)
        return FALSE;
    api_call_add_version(call, json_integer_value(json_object_get(json, "version")));
    api_call_answer_json(call, status, json);
    return TRUE;
}

static gboolean match(const ApiCall *call, Db *db, Id note_id, GError **error) {
    gint64 version = 0;
    gboolean found;
    return db_query_int(db, "SELECT version FROM customer_note WHERE id = $1",
                        DB_VALUES(DB_ID(note_id)), &version, &found, error) &&
           (!found || api_call_match_version(call, version, error));
}

static gboolean write_add(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    Id note_id;
    return customer_note_add(db, action->customer_id, action->text, &note_id, customer_actor(call),
                             error) &&
           answer(call, db, note_id, 201, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return match(call, db, action->note_id, error) &&
           customer_note_change(db, action->customer_id, action->note_id, action->text,
                                customer_actor(call), error) &&
           answer(call, db, action->note_id, 200, error);
}

static gboolean write_remove(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    if (!match(call, db, action->note_id, error) ||
        !customer_note_remove(db, action->customer_id, action->note_id, customer_actor(call),
                              error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static gboolean decode_text(ApiCall *call, Action *action, GError **error) {
    return api_call_unpack(call, error, "{s:s}", "text", &action->text) &&
           field_check_text("text", action->text, CUSTOMER_NOTE_MAX, error);
}

static gboolean decode_id(ApiCall *call, Action *action, GError **error) {
    action->note_id = api_call_path_id(call, "note", error);
    return action->note_id != 0;
}

static gboolean decode_change(ApiCall *call, Action *action, GError **error) {
    return decode_id(call, action, error) && decode_text(call, action, error);
}

static void act(ApiCall *call, gboolean (*decode)(ApiCall *, Action *, GError **), ApiWrite write) {
    GError *error = NULL;
    Action *action = g_new0(Action, 1);
    action->customer_id = api_call_path_id(call, "customer", &error);
    if (action->customer_id != 0 && decode(call, action, &error)) {
        api_call_write(call, write, action, g_free);
        return;
    }
    g_free(action);
    api_call_fail(call, error);
}

static void add_note(ApiCall *call) {
    act(call, decode_text, write_add);
}

static void change_note(ApiCall *call) {
    act(call, decode_change, write_change);
}

static void remove_note(ApiCall *call) {
    act(call, decode_id, write_remove);
}

const ApiRoute api_customer_note_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/customers/{customer}/notes",
     .permission = PERMISSION_CUSTOMER_READ,
     .handler = list_notes},
    {.method = "POST",
     .pattern = "/api/v1/customers/{customer}/notes",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = add_note},
    {.method = "PATCH",
     .pattern = "/api/v1/customers/{customer}/notes/{note}",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = change_note},
    {.method = "DELETE",
     .pattern = "/api/v1/customers/{customer}/notes/{note}",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = remove_note},
    {0},
};
