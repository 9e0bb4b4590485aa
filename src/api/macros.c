// /api/v1/macros: several actions at one touch, owned as canned replies are.
#include "api/field.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/error.h"
#include "base/json_text.h"
#include "model/action.h"
#include "model/canned.h"
#include "store/macro.h"

static Id me(const ApiCall *call) {
    return api_call_principal(call)->agent_id;
}

static OwnedViewer viewer(const ApiCall *call) {
    const Principal *principal = api_call_principal(call);
    return (OwnedViewer){principal->agent_id, principal_may(principal, PERMISSION_WORKSPACE_SHARE)};
}

static Macro *get_visible(const ApiCall *call, Db *db, Id id, GError **error) {
    OwnedViewer who = viewer(call);
    return macro_get(db, id, &who, error);
}

static void write_macro(JsonText *text, const Macro *macro) {
    json_text_begin_object(text, NULL);
    json_text_add_id(text, "id", macro->id);
    json_text_add_text(text, "name", macro->name);
    json_text_add_text(text, "owner", owner_name(macro->agent_id, macro->team_id));
    json_text_add_id(text, "agent_id", macro->agent_id);
    json_text_add_id(text, "team_id", macro->team_id);
    json_text_add_int(text, "position", macro->position);
    json_text_add_raw(text, "actions", macro->actions);
    json_text_add_int(text, "use_count", macro->use_count);
    json_text_add_instant(text, "used_at", macro->used_at);
    json_text_add_instant(text, "created_at", macro->created_at);
    json_text_add_int(text, "version", macro->version);
    json_text_end_object(text);
}

static void answer_macro(ApiCall *call, const Macro *macro, unsigned status) {
    g_auto(JsonText) text;
    json_text_init(&text);
    write_macro(&text, macro);
    api_call_add_version(call, macro->version);
    api_call_answer_bytes(call, status, "application/json", json_text_take(&text));
}

static gboolean write_items(JsonText *text, DbRows *rows, gint64 limit, GError **error) {
    GError *failure = NULL;
    g_autofree char *next = NULL;
    json_text_begin_object(text, NULL);
    json_text_begin_array(text, "items");
    for (gint64 count = 1; db_rows_next(rows, &failure); count++) {
        g_autoptr(Macro) macro = macro_read(rows);
        write_macro(text, macro);
        if (count == limit)
            next = page_cursor(macro->position, macro->id);
    }
    json_text_end_array(text);
    json_text_add_text(text, "next", next);
    json_text_end_object(text);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

static gboolean write_list(ApiCall *call, JsonText *text, GError **error) {
    Page page;
    OwnedViewer who = viewer(call);
    Db *db = page_read(call, 50, 200, &page, error) ? api_call_reader(call, error) : NULL;
    g_autoptr(DbRows) rows = db != NULL
                                 ? macro_list(db, &who, page.has_cursor ? page.key : G_MININT64,
                                              page.id, page.limit, error)
                                 : NULL;
    return rows != NULL && write_items(text, rows, page.limit, error);
}

static void list_macros(ApiCall *call) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    if (write_list(call, &text, &error))
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

// The macro of the path as it is stored, or NULL with an error.
static Macro *load(ApiCall *call, GError **error) {
    Id id = api_call_path_id(call, "macro", error);
    Db *db = id != 0 ? api_call_reader(call, error) : NULL;
    return db != NULL ? get_visible(call, db, id, error) : NULL;
}

static void get_macro(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(Macro) macro = load(call, &error);
    if (macro == NULL)
        api_call_fail(call, error);
    else
        answer_macro(call, macro, 200);
}

static gboolean deny(GError **error, const char *what) {
    error_set(error, ERROR_DENIED, "share_denied", "%s", what);
    return FALSE;
}

static gboolean may_change(const ApiCall *call, const Macro *macro, GError **error) {
    const Principal *principal = api_call_principal(call);
    if (macro->agent_id != 0 ? macro->agent_id == principal->agent_id
                             : principal_may(principal, PERMISSION_WORKSPACE_SHARE))
        return TRUE;
    return deny(error, "what a team or everybody uses is changed by those who may share "
                       "(workspace_share)");
}

// Nobody lets others do what they may not do themselves, nor reaches what is hidden from them.
static gboolean check_actions(ApiCall *call, const ActionList *list, GError **error) {
    for (guint at = 0; at < list->actions->len; at++) {
        const Action *action = list->actions->pdata[at];
        if (!principal_may(api_call_principal(call), action_type_permission(action->type)))
            return deny(error, "the macro does what you may not do yourself");
        if (action->type == ACTION_ASSIGN_TEAM &&
            !api_call_see(call, VISIBILITY_TEAM, action->id, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean see_team(ApiCall *call, Id team_id, GError **error) {
    return team_id == 0 || api_call_see(call, VISIBILITY_TEAM, team_id, error);
}

static Macro *decode(ApiCall *call, GError **error) {
    const char *name;
    json_t *owner = NULL, *team = NULL, *actions;
    json_int_t position = 0;
    if (!api_call_unpack(call, error, "{s:s, s?o, s?o, s?I, s:o}", "name", &name, "owner", &owner,
                         "team_id", &team, "position", &position, "actions", &actions) ||
        !field_check_line("name", name, 1, 200, error))
        return NULL;
    g_autoptr(ActionList) list = action_list_decode(actions, FALSE, error);
    g_autoptr(Macro) macro = g_new0(Macro, 1);
    if (list == NULL ||
        !owner_decode(owner, team, me(call), &macro->agent_id, &macro->team_id, error))
        return NULL;
    macro->name = g_strdup(name);
    macro->position = position;
    macro->actions = json_dumps(actions, JSON_COMPACT);
    return may_change(call, macro, error) && see_team(call, macro->team_id, error) &&
                   check_actions(call, list, error)
               ? g_steal_pointer(&macro)
               : NULL;
}

static void free_macro(gpointer data) {
    macro_free(data);
}

static gboolean answer_stored(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    g_autoptr(Macro) macro = macro_get(db, id, NULL, error);
    if (macro != NULL)
        answer_macro(call, macro, status);
    return macro != NULL;
}

static gboolean run_add(ApiCall *call, Db *db, gpointer data, GError **error) {
    Macro *macro = data;
    macro->id = id_next();
    macro->created_at = clock_now();
    return macro_add(db, macro, error) && answer_stored(call, db, macro->id, 201, error);
}

static gboolean may_change_stored(ApiCall *call, Db *db, Id id, GError **error) {
    g_autoptr(Macro) stored = get_visible(call, db, id, error);
    return stored != NULL && may_change(call, stored, error) &&
           api_call_match_version(call, stored->version, error);
}

static gboolean run_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Macro *macro = data;
    return may_change_stored(call, db, macro->id, error) && macro_change(db, macro, error) &&
           answer_stored(call, db, macro->id, 200, error);
}

static gboolean run_remove(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Macro *macro = data;
    if (!may_change_stored(call, db, macro->id, error) || !macro_remove(db, macro->id, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void add_macro(ApiCall *call) {
    GError *error = NULL;
    Macro *macro = decode(call, &error);
    if (macro == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, run_add, macro, free_macro);
}

static void change_macro(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(Macro) stored = load(call, &error);
    Macro *macro = stored != NULL ? decode(call, &error) : NULL;
    if (macro == NULL) {
        api_call_fail(call, error);
        return;
    }
    macro->id = stored->id;
    api_call_write(call, run_change, macro, free_macro);
}

static void remove_macro(ApiCall *call) {
    GError *error = NULL;
    Macro *stored = load(call, &error);
    if (stored == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, run_remove, stored, free_macro);
}

const ApiRoute api_macro_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/macros",
     .permission = PERMISSION_SIGNED_IN,
     .handler = list_macros,
     .query = PAGE_QUERY},
    {.method = "POST",
     .pattern = "/api/v1/macros",
     .permission = PERMISSION_SIGNED_IN,
     .handler = add_macro},
    {.method = "GET",
     .pattern = "/api/v1/macros/{macro}",
     .permission = PERMISSION_SIGNED_IN,
     .handler = get_macro},
    {.method = "PUT",
     .pattern = "/api/v1/macros/{macro}",
     .permission = PERMISSION_SIGNED_IN,
     .handler = change_macro},
    {.method = "DELETE",
     .pattern = "/api/v1/macros/{macro}",
     .permission = PERMISSION_SIGNED_IN,
     .handler = remove_macro},
    {0},
};
