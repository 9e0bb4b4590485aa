// Legal holds: what is held is neither erased nor taken by retention.
#include "api/customer_load.h"
#include "api/resources.h"
#include "base/error.h"
#include "store/audit.h"

typedef struct {
    Id id;
    int is_held;
    const char *object; // "customer" or "conversation"
} Hold;

static gboolean set_hold(Db *db, const Hold *hold, GError **error) {
    gint64 changed = 0;
    gboolean is_customer = hold->object[1] == 'u';
    if (!db_run_counted(
            db,
            is_customer
                ? "UPDATE customer SET is_held = $2, version = version + 1 WHERE id = (SELECT"
                  " root_id FROM customer WHERE id = $1) AND erased_at IS NULL"
                : "UPDATE conversation SET is_held = $2, version = version + 1 WHERE id = (SELECT"
                  " coalesce(merged_into, id) FROM conversation WHERE id = $1)",
            DB_VALUES(DB_ID(hold->id), DB_INT(hold->is_held)), &changed, error))
        return FALSE;
    if (changed == 0)
        error_set(error, ERROR_NOT_FOUND, is_customer ? "customer_unknown" : "conversation_unknown",
                  "there is no such %s", hold->object);
    return changed > 0;
}

static gboolean write_hold(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Hold *hold = data;
    CustomerActor who = customer_actor(call);
    if (!set_hold(db, hold, error) ||
        !audit_add(db, who.actor, who.actor_id, hold->is_held ? "held" : "released", hold->object,
                   hold->id, NULL, error))
        return FALSE;
    api_call_answer_json(call, 200, json_pack("{s:b}", "is_held", hold->is_held));
    return TRUE;
}

static void act(ApiCall *call, const char *object) {
    GError *error = NULL;
    Hold *hold = g_new0(Hold, 1);
    hold->object = object;
    hold->id = api_call_path_id(call, object, &error);
    if (hold->id != 0 && api_call_unpack(call, &error, "{s:b}", "is_held", &hold->is_held)) {
        api_call_write(call, write_hold, hold, g_free);
        return;
    }
    g_free(hold);
    api_call_fail(call, error);
}

static void hold_customer(ApiCall *call) {
    act(call, "customer");
}

static void hold_conversation(ApiCall *call) {
    act(call, "conversation");
}

const ApiRoute api_hold_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/customers/{customer}/hold",
     .permission = PERMISSION_CUSTOMER_ERASE,
     .handler = hold_customer},
    {.method = "POST",
     .pattern = "/api/v1/conversations/{conversation}/hold",
     .permission = PERMISSION_CUSTOMER_ERASE,
     .handler = hold_conversation},
    {0},
};
