// The steps of bulk changes: which conversations are next, and one writer job for them.
#include <string.h>

#include "base/error.h"
#include "desk/bulk_job.h"
#include "desk/bulk_step.h"
#include "desk/change_read.h"
#include "store/agent.h"
#include "store/role.h"
#include "store/search_filter.h"

// A conversation that is next; of an undo, with what undoes it.
typedef struct {
    Id id;
    gint64 version;
    char *inverse;
} Item;

typedef struct {
    const BulkJob *job;
    GArray *items; // of Item
    ReadChange change;
    // What the step came to; begun anew when the writer runs it again.
    gint64 done;
    gint64 failed;
} Step;

static void item_clear(gpointer data) {
    g_free(((Item *)data)->inverse);
}

static gboolean is_undo(const BulkJob *job) {
    return strcmp(job->state, "undoing") == 0;
}

static gboolean items_read(DbRows *rows, GArray *items, GError **error) {
    GError *failure = NULL;
    while (rows != NULL && db_rows_next(rows, &failure)) {
        Item item = {.id = db_rows_id(rows, 0),
                     .version = db_rows_int(rows, 1),
                     .inverse = g_strdup(db_rows_text(rows, 2))};
        g_array_append_val(items, item);
    }
    if (failure != NULL)
        g_propagate_error(error, failure);
    return rows != NULL && failure == NULL;
}

// What the view and the search ask, for the agent who asked; ages count from when it was asked.
static gboolean add_condition(Db *db, const BulkJob *job, const SearchQuery *query,
                              SearchCondition *condition, GArray *values, GString *sql,
                              GError **error) {
    SearchAsk ask = {.me = job->agent_id,
                     .viewer = job->agent_id,
                     .now = job->created_at,
                     .first = values->len + 1,
                     .has_words = TRUE};
    if (!search_condition_init(condition, db, query, &ask, error))
        return FALSE;
    g_string_append(sql, condition->sql->str);
    g_array_append_vals(values, condition->values->data, condition->values->len);
    return TRUE;
}

static gboolean find_next(Db *db, const BulkJob *job, GArray *items, GError **error) {
    g_auto(SearchCondition) of_view = {0};
    g_auto(SearchCondition) of_query = {0};
    g_autoptr(SearchQuery) view = search_query_parse(job->view, error);
    g_autoptr(SearchQuery) query = view != NULL ? search_query_parse(job->query, error) : NULL;
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(DbValue));
    g_autoptr(GString) sql =
        g_string_new("SELECT c.id, c.version, NULL FROM conversation c WHERE c.merged_into IS NULL"
                     " AND c.id > $1 AND c.id <= $2");
    DbValue bounds[] = {DB_INT(job->cursor_id), DB_INT(job->until_id), DB_INT(BULK_AT_ONCE)};
    g_array_append_vals(values, bounds, G_N_ELEMENTS(bounds));
    if (query == NULL || !add_condition(db, job, view, &of_view, values, sql, error) ||
        !add_condition(db, job, query, &of_query, values, sql, error))
        return FALSE;
    g_string_append(sql, " ORDER BY c.id LIMIT $3");
    g_autoptr(DbRows) rows =
        db_query(db, sql->str, (const DbValue *)(void *)values->data, values->len, error);
    return items_read(rows, items, error);
}

static gboolean find_done(Db *db, const BulkJob *job, GArray *items, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT conversation_id, version, inverse FROM bulk_item WHERE job_id = $1 AND"
                 " conversation_id > $2 ORDER BY conversation_id LIMIT $3",
                 DB_VALUES(DB_ID(job->id), DB_INT(job->cursor_id), DB_INT(BULK_AT_ONCE)), error);
    return items_read(rows, items, error);
}

static gboolean keep_item(Db *db, const Step *step, Id id, const BulkStep *result, GError **error) {
    g_autofree char *inverse = json_dumps(result->undo, JSON_COMPACT | JSON_ENCODE_ANY);
    return db_run(
        db,
        "INSERT INTO bulk_item (job_id, conversation_id, version, inverse) VALUES ($1,"
        " $2, $3, $4)",
        DB_VALUES(DB_ID(step->job->id), DB_ID(id), DB_INT(result->version), DB_TEXT(inverse)),
        error);
}

static gboolean change_item(Db *db, Step *step, const Item *item, GError **error) {
    BulkStep result = {.agent_id = step->job->agent_id, .viewer = step->job->agent_id};
    gboolean is_fatal;
    g_autoptr(GError) failure = NULL;
    if (bulk_step(db, item->id, &step->change.change, &result, &is_fatal, &failure)) {
        step->done++;
        gboolean kept = keep_item(db, step, item->id, &result, error);
        json_decref(result.undo);
        return kept;
    }
    step->failed++;
    if (is_fatal)
        g_propagate_error(error, g_steal_pointer(&failure));
    return !is_fatal;
}

// Only where the version is still ours.
static gboolean undo_item(Db *db, Step *step, const Item *item, GError **error) {
    BulkStep result = {.agent_id = step->job->agent_id, .viewer = step->job->agent_id};
    gboolean is_fatal = FALSE;
    g_autoptr(GError) failure = NULL;
    g_auto(ReadChange) inverse = {0};
    json_t *json = json_loads(item->inverse, JSON_DECODE_ANY, NULL);
    gboolean done = json_is_object(json) && change_read(&inverse, json, &failure);
    json_decref(json);
    inverse.change.if_version = item->version;
    done = done && bulk_step(db, item->id, &inverse.change, &result, &is_fatal, &failure);
    if (done)
        json_decref(result.undo);
    step->done += done;
    step->failed += !done;
    if (!done && is_fatal)
        g_propagate_error(error, g_steal_pointer(&failure));
    return done || !is_fatal;
}

static gboolean record_step(Db *db, const Step *step, GError **error) {
    const GArray *items = step->items;
    gboolean is_end = items->len == 0;
    Instant now = clock_now();
    Id cursor = is_end ? step->job->cursor_id : g_array_index(items, Item, items->len - 1).id;
    if (is_undo(step->job))
        return db_run(db,
                      "UPDATE bulk_job SET cursor_id = $2, undone = undone + $3, skipped = skipped"
                      " + $4, state = CASE WHEN $5 = 1 THEN 'undone' ELSE state END WHERE id = $1",
                      DB_VALUES(DB_ID(step->job->id), DB_INT(cursor), DB_INT(step->done),
                                DB_INT(step->failed), DB_INT(is_end)),
                      error);
    return db_run(
        db,
        "UPDATE bulk_job SET cursor_id = $2, changed = changed + $3, failed = failed + $4,"
        " state = CASE WHEN $5 = 1 THEN 'done' ELSE state END, finished_at = CASE WHEN $5"
        " = 1 THEN $6 END, undo_until = CASE WHEN $5 = 1 THEN $7 END WHERE id = $1",
        DB_VALUES(DB_ID(step->job->id), DB_INT(cursor), DB_INT(step->done), DB_INT(step->failed),
                  DB_INT(is_end), DB_INSTANT(now), DB_INSTANT(now + BULK_UNDO_MS)),
        error);
}

// An agent who was disabled changes no more.
static gboolean find_state(Db *db, const BulkJob *job, gboolean *stands, GError **error) {
    return db_query_int(db,
                        "SELECT 1 FROM bulk_job WHERE id = $1 AND state = $2 AND cursor_id = $3",
                        DB_VALUES(DB_ID(job->id), DB_TEXT(job->state), DB_INT(job->cursor_id)),
                        &(gint64){0}, stands, error);
}

// Whoever asked may still do it: neither disabled nor without the permission by now.
static gboolean find_leave(Db *db, const BulkJob *job, gboolean *may, GError **error) {
    PermissionSet permissions = 0;
    gboolean found = FALSE;
    *may = job->agent_id == 0;
    if (*may)
        return TRUE;
    g_autoptr(Agent) agent = agent_get(db, job->agent_id, error);
    if (agent == NULL || !role_find(db, agent->role, &permissions, &found, error))
        return FALSE;
    *may = agent->disabled_at == INSTANT_NONE &&
           permission_set_has(permissions, PERMISSION_CONVERSATION_BULK);
    return TRUE;
}

static gboolean cancel(Db *db, const BulkJob *job, GError **error) {
    return db_run(db,
                  "UPDATE bulk_job SET state = 'cancelled', finished_at = $2 WHERE id = $1 AND"
                  " state = $3",
                  DB_VALUES(DB_ID(job->id), DB_INSTANT(clock_now()), DB_TEXT(job->state)), error);
}

static gboolean run_step(Db *db, gpointer data, GError **error) {
    Step *step = data;
    gboolean stands = FALSE;
    gboolean may = FALSE;
    gboolean done = find_state(db, step->job, &stands, error) &&
                    (!stands || find_leave(db, step->job, &may, error));
    step->done = 0;
    step->failed = 0;
    if (done && !stands)
        return TRUE; // cancelled in between
    if (done && !may)
        return cancel(db, step->job, error);
    for (guint at = 0; done && at < step->items->len; at++) {
        const Item *item = &g_array_index(step->items, Item, at);
        done = is_undo(step->job) ? undo_item(db, step, item, error)
                                  : change_item(db, step, item, error);
    }
    return done && record_step(db, step, error);
}

gboolean bulk_job_work(Store *store, const BulkJob *job, GError **error) {
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(Item));
    g_array_set_clear_func(items, item_clear);
    Step step = {.job = job, .items = items};
    json_t *json = json_loads(job->change, 0, NULL);
    Db *db = store_reader_take(store, error);
    gboolean done = db != NULL && (is_undo(job) ? find_done(db, job, items, error)
                                                : find_next(db, job, items, error));
    if (db != NULL)
        store_reader_give(store, db);
    done = done && change_read(&step.change, json, error) &&
           writer_run(store_writer(store), run_step, &step, error);
    change_read_clear(&step.change);
    json_decref(json);
    return done;
}
