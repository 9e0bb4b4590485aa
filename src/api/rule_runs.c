// What rules did and why not: the log of one rule, of one conversation, and the dry run.
#include "api/field.h"
#include "api/page.h"
#include "api/public_json.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "desk/rule_dry_run.h"
#include "store/rule.h"
#include "store/visibility.h"

#define DRY_RUN_IDS_MAX 1000
#define SHOWN_MAX 1000

#define SELECT                                                                                     \
    "SELECT r.id, r.rule_id, r.rule_version, r.conversation_id, r.event_id, r.outcome, r.detail,"  \
    " r.recorded_at FROM rule_run r JOIN conversation c ON c.id = r.conversation_id WHERE ($3 = 0" \
    " OR (" VISIBLE_CONVERSATION("c", "$3") ")) AND r.id < $2 AND "
#define ORDER " ORDER BY r.id DESC LIMIT $4"

static void write_run(JsonText *text, DbRows *rows) {
    json_t *detail = json_loads(db_rows_text(rows, 6), 0, NULL);
    json_text_begin_object(text, NULL);
    json_text_add_id(text, "id", db_rows_id(rows, 0));
    json_text_add_id(text, "rule_id", db_rows_id(rows, 1));
    json_text_add_int(text, "rule_version", db_rows_int(rows, 2));
    json_text_add_id(text, "conversation_id", db_rows_id(rows, 3));
    json_text_add_id(text, "event_id", db_rows_id(rows, 4));
    json_text_add_text(text, "outcome", db_rows_text(rows, 5));
    public_json_write(text, "detail", detail);
    json_text_add_instant(text, "recorded_at", db_rows_instant(rows, 7));
    json_text_end_object(text);
    json_decref(detail);
}

static gboolean write_items(JsonText *text, DbRows *rows, gint64 limit, GError **error) {
    GError *failure = NULL;
    g_autofree char *next = NULL;
    json_text_begin_object(text, NULL);
    json_text_begin_array(text, "items");
    for (gint64 count = 1; db_rows_next(rows, &failure); count++) {
        write_run(text, rows);
        if (count == limit)
            next = page_cursor(0, db_rows_id(rows, 0));
    }
    json_text_end_array(text);
    json_text_add_text(text, "next", next);
    json_text_end_object(text);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

static gboolean write_list(ApiCall *call, Id id, const char *sql, JsonText *text, GError **error) {
    Page page;
    Db *db = page_read(call, 50, 200, &page, error) ? api_call_reader(call, error) : NULL;
    g_autoptr(DbRows) rows =
        db != NULL ? db_query(db, sql,
                              DB_VALUES(DB_ID(id), DB_INT(page.has_cursor ? page.id : G_MAXINT64),
                                        DB_INT(api_call_viewer(call)), DB_INT(page.limit)),
                              error)
                   : NULL;
    return rows != NULL && write_items(text, rows, page.limit, error);
}

static void answer_list(ApiCall *call, Id id, const char *sql, GError *error) {
    g_auto(JsonText) text;
    json_text_init(&text);
    if (id != 0 && error == NULL && write_list(call, id, sql, &text, &error))
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

static void list_of_rule(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "rule", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    g_autoptr(RuleRow) row = db != NULL ? rule_row_get(db, id, &error) : NULL;
    answer_list(call, row != NULL ? id : 0, SELECT "r.rule_id = $1" ORDER, error);
}

static void list_of_conversation(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "conversation", &error);
    answer_list(call, id,
                SELECT "r.conversation_id = (SELECT coalesce(a.merged_into, a.id) FROM"
                       " conversation a WHERE a.id = $1)" ORDER,
                error);
}

static gboolean read_instant(json_t *over, const char *name, Instant *instant, GError **error) {
    json_t *value = json_object_get(over, name);
    return value == NULL || field_read_instant(name, value, instant, error);
}

static gboolean read_scope(json_t *over, GArray **ids, RuleDryRun *scope, GError **error) {
    json_t *list = json_object_get(over, "ids");
    scope->from = 0;
    scope->to = clock_now() + 1;
    if (over != NULL && !json_is_object(over)) {
        error_set(error, ERROR_INVALID, "field_invalid", "over must be an object");
        return FALSE;
    }
    if (list != NULL && (*ids = field_read_ids("over.ids", list, DRY_RUN_IDS_MAX, error)) == NULL)
        return FALSE;
    if (*ids != NULL) {
        scope->ids = (const Id *)(const void *)(*ids)->data;
        scope->count = (*ids)->len;
    }
    return read_instant(over, "from", &scope->from, error) &&
           read_instant(over, "to", &scope->to, error);
}

static json_t *dry_run(ApiCall *call, GError **error) {
    json_t *json, *over = NULL;
    json_int_t limit = 100;
    g_autoptr(GArray) ids = NULL;
    RuleDryRun scope = {.viewer = api_call_viewer(call)};
    if (!api_call_unpack(call, error, "{s:o, s?o, s?I}", "rule", &json, "over", &over, "limit",
                         &limit) ||
        !read_scope(over, &ids, &scope, error))
        return NULL;
    scope.limit = CLAMP(limit, 0, SHOWN_MAX);
    g_autoptr(Rule) rule = rule_decode(json, error);
    Db *db = rule != NULL ? api_call_reader(call, error) : NULL;
    return db != NULL ? rule_dry_run(db, rule, &scope, clock_now(), error) : NULL;
}

static void work_dry_run(ApiCall *call) {
    GError *error = NULL;
    json_t *json = dry_run(call, &error);
    if (json == NULL)
        api_call_fail(call, error);
    else
        api_call_answer_json(call, 200, json);
}

static void start_dry_run(ApiCall *call) {
    api_call_work(call, work_dry_run);
}

const ApiRoute api_rule_run_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/rules/dry-run",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = start_dry_run},
    {.method = "GET",
     .pattern = "/api/v1/rules/{rule}/runs",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = list_of_rule,
     .query = PAGE_QUERY},
    {.method = "GET",
     .pattern = "/api/v1/conversations/{conversation}/rule-runs",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = list_of_conversation,
     .query = PAGE_QUERY},
    {0},
};
