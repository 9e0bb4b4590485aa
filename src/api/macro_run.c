// POST /api/v1/macros/{macro}/run: a macro over some conversations, answered one by one.
#include "desk/macro_run.h"

#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "store/macro.h"

#define CONVERSATIONS_MAX 200

typedef struct {
    Id macro_id;
    MacroRun *run;
} Run;

static void free_run(gpointer data) {
    Run *run = data;
    macro_run_free(run->run);
    g_free(run);
}

static gboolean write_run(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Run *run = data;
    json_t *results = macro_use(db, run->macro_id, clock_now(), error)
                          ? macro_run_apply(db, run->run, error)
                          : NULL;
    if (results == NULL)
        return FALSE;
    api_call_answer_json(call, 200, json_pack("{s:o}", "items", results));
    return TRUE;
}

// What a shared macro calls (web hooks) was allowed to who made it; the rest asks who runs it.
static gboolean may_run(const ApiCall *call, const ActionList *list, GError **error) {
    for (guint at = 0; at < list->actions->len; at++) {
        const Action *action = list->actions->pdata[at];
        Permission permission = action_type_permission(action->type);
        if (permission == PERMISSION_RULE_MANAGE ||
            principal_may(api_call_principal(call), permission))
            continue;
        error_set(error, ERROR_DENIED, "action_denied", "the macro needs the permission %s",
                  permission_name(permission));
        return FALSE;
    }
    return TRUE;
}

static ActionList *load_actions(ApiCall *call, Id id, GError **error) {
    const Principal *principal = api_call_principal(call);
    OwnedViewer who = {principal->agent_id, principal_may(principal, PERMISSION_WORKSPACE_SHARE)};
    Db *db = api_call_reader(call, error);
    g_autoptr(Macro) macro = db != NULL ? macro_get(db, id, &who, error) : NULL;
    if (macro == NULL)
        return NULL;
    json_t *json = json_loads(macro->actions, 0, NULL);
    g_autoptr(ActionList) list = action_list_decode(json, FALSE, error);
    json_decref(json);
    return list != NULL && may_run(call, list, error) ? g_steal_pointer(&list) : NULL;
}

static MacroRun *prepare(ApiCall *call, ActionList *actions, const GArray *ids) {
    const ApiParts *parts = api_call_parts(call);
    ReplyContext context = {
        .store = parts->store, .channels = parts->channels, .parsers = parts->parsers};
    MacroRun *run = macro_run_new(actions, api_call_principal(call)->agent_id);
    for (guint at = 0; at < ids->len; at++) {
        GError *problem = NULL;
        Id id = g_array_index(ids, Id, at);
        api_call_see(call, VISIBILITY_CONVERSATION, id, &problem);
        macro_run_add(run, id, problem);
    }
    macro_run_prepare(run, &context);
    return run;
}

static void work_run(ApiCall *call) {
    GError *error = NULL;
    json_t *list = NULL;
    Id id = api_call_path_id(call, "macro", &error);
    g_autoptr(ActionList) actions = id != 0 ? load_actions(call, id, &error) : NULL;
    g_autoptr(GArray) ids =
        actions != NULL && api_call_unpack(call, &error, "{s:o}", "conversations", &list)
            ? field_read_ids("conversations", list, CONVERSATIONS_MAX, &error)
            : NULL;
    if (ids == NULL) {
        api_call_fail(call, error);
        return;
    }
    Run *run = g_new0(Run, 1);
    run->macro_id = id;
    run->run = prepare(call, g_steal_pointer(&actions), ids);
    api_call_write(call, write_run, run, free_run);
}

static void run_macro(ApiCall *call) {
    api_call_work(call, work_run);
}

const ApiRoute api_macro_run_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/macros/{macro}/run",
     .permission = PERMISSION_CONVERSATION_CHANGE,
     .handler = run_macro},
    {0},
};
