// What changes a customer: name and language, merging with another, and undoing that.
#include "api/customer_load.h"
#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "desk/conversation_merge.h"
#include "store/customer.h"

typedef struct {
    Id id;
    Id other;
    char *name;     // NULL: stays
    char *language; // NULL: stays
} Action;

static void action_free(gpointer data) {
    Action *action = data;
    g_free(action->name);
    g_free(action->language);
    g_free(action);
}

static gboolean answer(ApiCall *call, Db *db, Id id, GError **error) {
    json_t *json = customer_load(db, id, error);
    if (json != NULL)
        api_call_answer_json(call, 200, json);
    return json != NULL;
}

static gboolean write_merge(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return customer_merge(db, action->id, action->other, api_call_principal(call)->agent_id,
                          error) &&
           answer(call, db, action->id, error);
}

static gboolean write_unmerge(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return customer_unmerge(db, action->other, api_call_principal(call)->agent_id, error) &&
           answer(call, db, action->other, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return customer_change(db, action->id, action->name, action->language, error) &&
           answer(call, db, action->id, error);
}

static gboolean decode_change(ApiCall *call, Action *action, GError **error) {
    const char *name = NULL;
    const char *language = NULL;
    if (!api_call_unpack(call, error, "{s?s, s?s}", "name", &name, "language", &language) ||
        (name != NULL && !field_check_line("name", name, 0, 200, error)) ||
        (language != NULL && !field_check_line("language", language, 2, 35, error)))
        return FALSE;
    action->name = g_strdup(name);
    action->language = g_strdup(language);
    return TRUE;
}

static gboolean decode_other(ApiCall *call, Action *action, GError **error) {
    json_t *from = NULL;
    return api_call_unpack(call, error, "{s:o}", "from", &from) &&
           field_read_id("from", from, FALSE, &action->other, error) &&
           api_call_see(call, VISIBILITY_CUSTOMER, action->other, error);
}

static void act(ApiCall *call, gboolean (*decode)(ApiCall *, Action *, GError **), ApiWrite write) {
    GError *error = NULL;
    Action *action = g_new0(Action, 1);
    action->id = api_call_path_id(call, "customer", &error);
    if (action->id != 0 && decode(call, action, &error)) {
        api_call_write(call, write, action, action_free);
        return;
    }
    action_free(action);
    api_call_fail(call, error);
}

static void merge(ApiCall *call) {
    act(call, decode_other, write_merge);
}

static void unmerge(ApiCall *call) {
    act(call, decode_other, write_unmerge);
}

static void change(ApiCall *call) {
    act(call, decode_change, write_change);
}

const ApiRoute api_customer_action_routes[] = {
    {.method = "PATCH",
     .pattern = "/api/v1/customers/{customer}",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = change},
    {.method = "POST",
     .pattern = "/api/v1/customers/{customer}/merge",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = merge},
    {.method = "POST",
     .pattern = "/api/v1/customers/{customer}/unmerge",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = unmerge},
    {0},
};
