// /api/v1/customers/{customer}/identities: addresses added, blocked and taken away by hand.
#include "api/customer_load.h"
#include "api/field.h"
#include "api/resources.h"

typedef struct {
    Id customer_id;
    Id identity_id;
    const char *kind; // borrowed from the body
    const char *address;
    int is_blocked;
} Action;

static gboolean write_add(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    Id identity_id;
    return customer_match(call, db, action->customer_id, error) &&
           customer_add_identity(db, action->customer_id, action->kind, action->address,
                                 &identity_id, customer_actor(call), error) &&
           customer_answer(call, db, action->customer_id, 201, error);
}

static gboolean write_block(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return customer_match(call, db, action->customer_id, error) &&
           customer_block_identity(db, action->customer_id, action->identity_id, action->is_blocked,
                                   customer_actor(call), error) &&
           customer_answer(call, db, action->customer_id, 200, error);
}

static gboolean write_remove(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    if (!customer_match(call, db, action->customer_id, error) ||
        !customer_remove_identity(db, action->customer_id, action->identity_id,
                                  customer_actor(call), error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static gboolean decode_add(ApiCall *call, Action *action, GError **error) {
    return api_call_unpack(call, error, "{s:s, s:s}", "kind", &action->kind, "address",
                           &action->address) &&
           field_check_line("address", action->address, 1, 254, error);
}

static gboolean read_identity(ApiCall *call, Action *action, GError **error) {
    action->identity_id = api_call_path_id(call, "identity", error);
    return action->identity_id != 0;
}

static gboolean decode_block(ApiCall *call, Action *action, GError **error) {
    return read_identity(call, action, error) &&
           api_call_unpack(call, error, "{s:b}", "is_blocked", &action->is_blocked);
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

static void add_identity(ApiCall *call) {
    act(call, decode_add, write_add);
}

static void change_identity(ApiCall *call) {
    act(call, decode_block, write_block);
}

static void remove_identity(ApiCall *call) {
    act(call, read_identity, write_remove);
}

const ApiRoute api_customer_identity_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/customers/{customer}/identities",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = add_identity},
    {.method = "PATCH",
     .pattern = "/api/v1/customers/{customer}/identities/{identity}",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = change_identity},
    {.method = "DELETE",
     .pattern = "/api/v1/customers/{customer}/identities/{identity}",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = remove_identity},
    {0},
};
