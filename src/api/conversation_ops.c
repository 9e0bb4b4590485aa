// POST /api/v1/conversations/ops: one change for many conversations. Those named by ids at once,
// each answered for itself; those that fit a search as a job in the background.
#include "api/field.h"
#include "api/resources.h"
#include "api/view_reader.h"
#include "base/error.h"
#include "desk/bulk_job.h"
#include "desk/bulk_step.h"
#include "desk/change_read.h"
#include "store/conversation_list.h"

#define IDS_MAX 200
#define TOTAL_MAX 1000000

typedef struct {
    ReadChange change;
    GArray *ids;  // of Id; NULL: a search
    json_t *base; // id -> version that must still stand; borrowed from the call
    BulkJob *job;
} Ops;

static void ops_free(gpointer data) {
    Ops *ops = data;
    change_read_clear(&ops->change);
    if (ops->ids != NULL)
        g_array_unref(ops->ids);
    bulk_job_free(ops->job);
    g_free(ops);
}

static json_t *outcome_json(Id id, const BulkStep *step) {
    char text[ID_TEXT_SIZE];
    return json_pack("{s:s, s:b, s:I, s:O}", "id", id_format(id, text), "changed", 1, "version",
                     (json_int_t)step->version, "undo", step->undo);
}

static json_t *refusal_json(Id id, const GError *error) {
    char text[ID_TEXT_SIZE];
    return json_pack("{s:s, s:b, s:s, s:s}", "id", id_format(id, text), "changed", 0, "code",
                     error_code(error), "detail", error->message);
}

static gint64 base_version(const Ops *ops, Id id) {
    char text[ID_TEXT_SIZE];
    return json_integer_value(json_object_get(ops->base, id_format(id, text)));
}

static gboolean change_one(ApiCall *call, Db *db, Ops *ops, Id id, json_t *items, GError **error) {
    BulkStep step = {.agent_id = api_call_principal(call)->agent_id,
                     .viewer = api_call_viewer(call)};
    gboolean is_fatal = FALSE;
    g_autoptr(GError) failure = NULL;
    ops->change.change.if_version = base_version(ops, id);
    if (bulk_step(db, id, &ops->change.change, &step, &is_fatal, &failure)) {
        json_array_append_new(items, outcome_json(id, &step));
        json_decref(step.undo);
        return TRUE;
    }
    if (!is_fatal)
        json_array_append_new(items, refusal_json(id, failure));
    else
        g_propagate_error(error, g_steal_pointer(&failure));
    return !is_fatal;
}

static gboolean write_ids(ApiCall *call, Db *db, gpointer data, GError **error) {
    Ops *ops = data;
    json_t *items = json_array();
    gboolean done = TRUE;
    for (guint at = 0; done && at < ops->ids->len; at++)
        done = change_one(call, db, ops, g_array_index(ops->ids, Id, at), items, error);
    if (done)
        api_call_answer_json(call, 200, json_pack("{s:O}", "items", items));
    json_decref(items);
    return done;
}

static gboolean write_job(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Ops *ops = data;
    if (!bulk_job_add(db, ops->job, error))
        return FALSE;
    g_autofree char *path = g_strdup_printf("/api/v1/bulk/%" G_GINT64_FORMAT, ops->job->id);
    api_call_add_header(call, "Location", path);
    api_call_answer_json(call, 202, bulk_job_json(ops->job));
    return TRUE;
}

// How many there are now: what the person saw when they asked.
static gboolean count(ApiCall *call, BulkJob *job, GError **error) {
    g_autoptr(SearchQuery) view = search_query_parse(job->view, error);
    g_autoptr(SearchQuery) query = view != NULL ? search_query_parse(job->query, error) : NULL;
    const SearchQuery *const queries[] = {view, query, NULL};
    ConversationList list = {.queries = queries,
                             .me = job->agent_id,
                             .viewer = api_call_viewer(call),
                             .now = job->created_at};
    Db *db = query != NULL ? api_call_reader(call, error) : NULL;
    return db != NULL && conversation_list_count(db, &list, TOTAL_MAX, &job->total, error);
}

static gboolean begin_job(ApiCall *call, Ops *ops, const char *view_id, const char *line,
                          GError **error) {
    ViewReader reader = view_reader_of(call);
    Db *db = api_call_reader(call, error);
    g_autoptr(View) view =
        db != NULL ? view_get(db, view_id != NULL ? view_id : "all", &reader, error) : NULL;
    if (view == NULL)
        return FALSE;
    ops->job = g_new0(BulkJob, 1);
    ops->job->id = id_next();
    ops->job->agent_id = api_call_principal(call)->agent_id;
    ops->job->view = g_strdup(view->query);
    ops->job->query = g_strdup(line);
    ops->job->change = json_dumps(ops->change.json, JSON_COMPACT);
    ops->job->created_at = clock_now();
    ops->job->finished_at = ops->job->undo_until = INSTANT_NONE;
    g_strlcpy(ops->job->state, "running", sizeof ops->job->state);
    return count(call, ops->job, error);
}

static gboolean check_bulk(ApiCall *call, GError **error) {
    if (principal_may(api_call_principal(call), PERMISSION_CONVERSATION_BULK))
        return TRUE;
    error_set(error, ERROR_DENIED, "permission_missing",
              "to change all that a search finds needs the permission conversation_bulk");
    return FALSE;
}

static gboolean check_base(const json_t *base, GError **error) {
    const char *key;
    json_t *version;
    json_object_foreach((json_t *)(guintptr)base, key, version) if (!json_is_integer(version)) {
        error_set(error, ERROR_INVALID, "field_invalid", "base must be versions by ids");
        return FALSE;
    }
    return TRUE;
}

static gboolean decode(ApiCall *call, Ops *ops, GError **error) {
    json_t *ids = NULL, *change = NULL;
    const char *line = NULL, *view = NULL;
    if (!api_call_unpack(call, error, "{s?o, s?s, s?s, s:o, s?o}", "ids", &ids, "query", &line,
                         "view", &view, "change", &change, "base", &ops->base) ||
        !change_read(&ops->change, change, error) || !check_base(ops->base, error))
        return FALSE;
    if ((ids == NULL) == (line == NULL && view == NULL)) {
        error_set(error, ERROR_INVALID, "field_invalid", "give ids, or query and view");
        return FALSE;
    }
    if (ops->change.change.sets_team && ops->change.change.team_id != 0 &&
        !api_call_see(call, VISIBILITY_TEAM, ops->change.change.team_id, error))
        return FALSE;
    if (ids != NULL)
        return (ops->ids = field_read_ids("ids", ids, IDS_MAX, error)) != NULL;
    return check_bulk(call, error) && begin_job(call, ops, view, line != NULL ? line : "", error);
}

static void make_ops(ApiCall *call) {
    GError *error = NULL;
    Ops *ops = g_new0(Ops, 1);
    if (decode(call, ops, &error)) {
        api_call_write(call, ops->ids != NULL ? write_ids : write_job, ops, ops_free);
        return;
    }
    ops_free(ops);
    api_call_fail(call, error);
}

static void change_many(ApiCall *call) {
    api_call_work(call, make_ops);
}

const ApiRoute api_conversation_ops_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/conversations/ops",
     .permission = PERMISSION_CONVERSATION_CHANGE,
     .handler = change_many},
    {0},
};
