// /api/v1/views: what agents look at all day, with how many conversations are in it; saved for
// oneself, for a team or for all.
#include <string.h>

#include "api/field.h"
#include "api/resources.h"
#include "api/view_reader.h"
#include "base/error.h"
#include "base/json_text.h"
#include "desk/record.h"
#include "desk/view_counter.h"
#include "store/conversation_list.h"

#define COLUMNS_MAX 30
#define POSITION_MAX 100000

static void write_members(JsonText *text, const View *view) {
    json_text_add_text(text, "id", view->id);
    json_text_add_text(text, "scope", view->scope);
    json_text_add_id(text, "owner_id", view->owner_id);
    json_text_add_id(text, "team_id", view->team_id);
    json_text_add_text(text, "name", view->name);
    json_text_add_text(text, "query", view->query);
    json_text_add_text(text, "sort", view->sort);
    json_text_add_raw(text, "columns", view->columns);
    json_text_add_text(text, "icon", view->icon);
    json_text_add_int(text, "position", view->position);
    json_text_add_int(text, "version", view->version);
}

// null where nobody counts: dialogctl without a server.
static gboolean write_count(const ApiCall *call, const View *view, JsonText *text, GError **error) {
    ViewCounter *counter = api_call_parts(call)->views;
    gint64 count = 0;
    gboolean is_exact = TRUE;
    if (counter == NULL) {
        json_text_add_null(text, "count");
        json_text_add_bool(text, "count_exact", FALSE);
        return TRUE;
    }
    if (!view_counter_count(counter, view->query, api_call_principal(call)->agent_id, &count,
                            &is_exact, error))
        return FALSE;
    json_text_add_int(text, "count", count);
    json_text_add_bool(text, "count_exact", is_exact);
    return TRUE;
}

static gboolean write_list(ApiCall *call, JsonText *text, GError **error) {
    ViewReader reader = view_reader_of(call);
    Db *db = api_call_reader(call, error);
    g_autoptr(GPtrArray) views = db != NULL ? view_list(db, &reader, error) : NULL;
    gboolean written = views != NULL;
    json_text_begin_object(text, NULL);
    json_text_begin_array(text, "items");
    for (guint at = 0; written && at < views->len; at++) {
        json_text_begin_object(text, NULL);
        write_members(text, views->pdata[at]);
        written = write_count(call, views->pdata[at], text, error);
        json_text_end_object(text);
    }
    json_text_end_array(text);
    json_text_end_object(text);
    return written;
}

static void make_list(ApiCall *call) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    if (write_list(call, &text, &error))
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

static void list_views(ApiCall *call) {
    api_call_work(call, make_list);
}

static gboolean write_one(ApiCall *call, const View *view, JsonText *text, GError **error) {
    json_text_begin_object(text, NULL);
    write_members(text, view);
    gboolean written = write_count(call, view, text, error);
    json_text_end_object(text);
    return written;
}

static void make_one(ApiCall *call) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    ViewReader reader = view_reader_of(call);
    Db *db = api_call_reader(call, &error);
    g_autoptr(View) view =
        db != NULL ? view_get(db, api_call_path(call, "view"), &reader, &error) : NULL;
    if (view == NULL || !write_one(call, view, &text, &error)) {
        api_call_fail(call, error);
        return;
    }
    api_call_add_version(call, view->version);
    api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
}

static void get_view(ApiCall *call) {
    api_call_work(call, make_one);
}

// What is asked; NULL members stay as they are. Texts live in the call's body.
typedef struct {
    const char *id; // of the path; NULL: a new one
    const char *scope;
    const char *name;
    const char *query;
    const char *sort;
    const char *icon;
    char *columns;
    gboolean sets_team;
    Id team_id;
    json_int_t position; // -1: stays
} Asked;

static void asked_free(gpointer data) {
    Asked *asked = data;
    g_free(asked->columns);
    g_free(asked);
}

static gboolean refuse(GError **error, const char *message) {
    error_set(error, ERROR_INVALID, "field_invalid", "%s", message);
    return FALSE;
}

static gboolean read_columns(const json_t *columns, Asked *asked, GError **error) {
    size_t at;
    const json_t *column;
    if (columns == NULL)
        return TRUE;
    if (!json_is_array(columns) || json_array_size(columns) > COLUMNS_MAX)
        return refuse(error, "columns must be a list of at most 30 names");
    json_array_foreach(
        columns, at,
        column) if (!json_is_string(column) ||
                    !field_check_line("columns", json_string_value(column), 1, 60,
                                      NULL)) return refuse(error, "columns must be a list of names "
                                                                  "of at most 60 characters");
    asked->columns = json_dumps(columns, JSON_COMPACT);
    return TRUE;
}

static gboolean check_asked(const Asked *asked, GError **error) {
    static const char *const scopes[] = {"own", "team", "all", NULL};
    ConversationSort sort;
    if (asked->scope != NULL && !g_strv_contains(scopes, asked->scope))
        return refuse(error, "scope must be own, team or all");
    if (asked->sort != NULL && !conversation_sort_parse(asked->sort, &sort))
        return refuse(error, "sort must be newest, oldest, created, created_oldest, waiting or "
                             "priority");
    if (asked->position < -1 || asked->position > POSITION_MAX)
        return refuse(error, "position must be from 0 to 100000");
    if ((asked->name != NULL && !field_check_line("name", asked->name, 1, 100, error)) ||
        (asked->icon != NULL && !field_check_line("icon", asked->icon, 0, 40, error)))
        return FALSE;
    g_autoptr(SearchQuery) query =
        search_query_parse(asked->query != NULL ? asked->query : "", error);
    return query != NULL;
}

static gboolean decode(ApiCall *call, Asked *asked, GError **error) {
    json_t *team = NULL;
    json_t *columns = NULL;
    asked->position = -1;
    if (!api_call_unpack(call, error, "{s?s, s?s, s?s, s?s, s?s, s?o, s?o, s?I}", "scope",
                         &asked->scope, "name", &asked->name, "query", &asked->query, "sort",
                         &asked->sort, "icon", &asked->icon, "team_id", &team, "columns", &columns,
                         "position", &asked->position))
        return FALSE;
    asked->sets_team = team != NULL;
    return check_asked(asked, error) && read_columns(columns, asked, error) &&
           (team == NULL || field_read_id("team_id", team, TRUE, &asked->team_id, error)) &&
           (asked->team_id == 0 || api_call_see(call, VISIBILITY_TEAM, asked->team_id, error));
}

static gboolean is_shared(const char *scope) {
    return strcmp(scope, "own") != 0;
}

// Whoever may not share changes only what is their own.
static gboolean check_scope(const ApiCall *call, const char *scope, GError **error) {
    if (strcmp(scope, "built_in") == 0) {
        error_set(error, ERROR_DENIED, "view_built_in",
                  "this view is everybody's: make one of your own");
        return FALSE;
    }
    if (!is_shared(scope) || principal_may(api_call_principal(call), PERMISSION_WORKSPACE_SHARE))
        return TRUE;
    error_set(error, ERROR_DENIED, "permission_missing",
              "this needs the permission workspace_share");
    return FALSE;
}

static ViewDraft draft_of(const ApiCall *call, const Asked *asked, const View *before) {
    ViewDraft draft = {
        .id = before->row_id,
        .scope = asked->scope != NULL ? asked->scope : before->scope,
        .owner_id = before->owner_id,
        .team_id = asked->sets_team ? asked->team_id : before->team_id,
        .name = asked->name != NULL ? asked->name : before->name,
        .query = asked->query != NULL ? asked->query : before->query,
        .sort = asked->sort != NULL ? asked->sort : before->sort,
        .columns = asked->columns != NULL ? asked->columns : before->columns,
        .icon = asked->icon != NULL ? asked->icon : before->icon,
        .position = asked->position >= 0 ? asked->position : before->position,
    };
    if (!is_shared(draft.scope)) // what was shared becomes the own of who takes it
        draft.owner_id = api_call_principal(call)->agent_id;
    if (strcmp(draft.scope, "team") != 0)
        draft.team_id = 0;
    return draft;
}

static gboolean check_draft(const ApiCall *call, const ViewDraft *draft, GError **error) {
    if (strcmp(draft->scope, "team") == 0 && draft->team_id == 0)
        return refuse(error, "a team's view needs team_id");
    return check_scope(call, draft->scope, error);
}

// Views of one agent are nobody else's business; shared ones are told.
static gboolean record(const ApiCall *call, Db *db, const char *scope, Id id, gboolean is_removed,
                       GError **error) {
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    return !is_shared(scope) ||
           record_happening(db, EVENT_VIEW_CHANGED, 0, actor, actor_id,
                            json_pack("{s:I, s:b}", "view", (json_int_t)id, "removed", is_removed),
                            error);
}

static gboolean answer_view(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    ViewReader reader = view_reader_of(call);
    char text_id[ID_TEXT_SIZE];
    g_autoptr(View) view = view_get(db, id_format(id, text_id), &reader, error);
    if (view == NULL)
        return FALSE;
    g_auto(JsonText) text;
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    write_members(&text, view);
    json_text_end_object(&text);
    api_call_add_version(call, view->version);
    api_call_answer_bytes(call, status, "application/json", json_text_take(&text));
    return TRUE;
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    View empty = {.scope = (char[]){"own"},
                  .name = (char[]){""},
                  .query = (char[]){""},
                  .sort = (char[]){"newest"},
                  .columns = (char[]){"[]"},
                  .icon = (char[]){""},
                  .owner_id = api_call_principal(call)->agent_id};
    ViewDraft draft = draft_of(call, data, &empty);
    draft.id = id_next();
    return check_draft(call, &draft, error) && view_add(db, &draft, clock_now(), error) &&
           record(call, db, draft.scope, draft.id, FALSE, error) &&
           answer_view(call, db, draft.id, 201, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Asked *asked = data;
    ViewReader reader = view_reader_of(call);
    g_autoptr(View) before = view_get(db, asked->id, &reader, error);
    if (before == NULL || !check_scope(call, before->scope, error) ||
        !api_call_match_version(call, before->version, error))
        return FALSE;
    ViewDraft draft = draft_of(call, asked, before);
    return check_draft(call, &draft, error) && view_change(db, &draft, error) &&
           record(call, db, before->scope, draft.id, FALSE, error) &&
           answer_view(call, db, draft.id, 200, error);
}

static gboolean write_removal(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Asked *asked = data;
    ViewReader reader = view_reader_of(call);
    g_autoptr(View) before = view_get(db, asked->id, &reader, error);
    if (before == NULL || !check_scope(call, before->scope, error) ||
        !view_remove(db, before->row_id, error) ||
        !record(call, db, before->scope, before->row_id, TRUE, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

// What is not there for the caller is said before what is wrong with the body.
static gboolean check_there(ApiCall *call, GError **error) {
    ViewReader reader = view_reader_of(call);
    Db *db = api_call_reader(call, error);
    g_autoptr(View) view =
        db != NULL ? view_get(db, api_call_path(call, "view"), &reader, error) : NULL;
    return view != NULL;
}

static void act(ApiCall *call, gboolean is_new, gboolean has_body, ApiWrite write) {
    GError *error = NULL;
    if (!is_new && !check_there(call, &error)) {
        api_call_fail(call, error);
        return;
    }
    Asked *asked = g_new0(Asked, 1);
    asked->id = is_new ? NULL : api_call_path(call, "view");
    if (has_body && !decode(call, asked, &error)) {
        asked_free(asked);
        api_call_fail(call, error);
        return;
    }
    if (is_new && (asked->name == NULL || asked->query == NULL)) {
        asked_free(asked);
        refuse(&error, "a view needs name and query");
        api_call_fail(call, error);
        return;
    }
    api_call_write(call, write, asked, asked_free);
}

static void add_view(ApiCall *call) {
    act(call, TRUE, TRUE, write_new);
}

static void change_view(ApiCall *call) {
    act(call, FALSE, TRUE, write_change);
}

static void remove_view(ApiCall *call) {
    act(call, FALSE, FALSE, write_removal);
}

const ApiRoute api_view_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/views",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = list_views},
    {.method = "POST",
     .pattern = "/api/v1/views",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = add_view},
    {.method = "GET",
     .pattern = "/api/v1/views/{view}",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = get_view},
    {.method = "PATCH",
     .pattern = "/api/v1/views/{view}",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = change_view},
    {.method = "DELETE",
     .pattern = "/api/v1/views/{view}",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = remove_view},
    {0},
};
