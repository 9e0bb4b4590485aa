// /api/v1/waits: the spans in which customers are owed an answer, one by one, with their
// arithmetic.
#include "api/page.h"
#include "api/resources.h"
#include "api/wait_query.h"
#include "reports/wait_explain.h"
#include "reports/wait_list.h"

static void answer_text(ApiCall *call, JsonText *text) {
    api_call_answer_bytes(call, 200, "application/json", json_text_take(text));
}

static gboolean write_page(ApiCall *call, Db *db, const WaitFilter *filter, Instant now,
                           JsonText *text, GError **error) {
    Page page;
    if (!page_read(call, 50, WAIT_PAGE_MAX, &page, error))
        return FALSE;
    WaitPosition after = {page.has_cursor ? page.key : 0, page.has_cursor ? page.id : 0};
    return wait_list_page(db, filter, after, page.limit, now, text, error);
}

static gboolean answer_csv(ApiCall *call, Db *db, const WaitFilter *filter, Instant now,
                           GError **error) {
    g_autoptr(GString) csv = g_string_new(NULL);
    if (!wait_list_csv(db, filter, now, csv, error))
        return FALSE;
    api_call_add_header(call, "Content-Disposition", "attachment; filename=\"waits.csv\"");
    api_call_answer_bytes(call, 200, "text/csv; charset=utf-8",
                          g_string_free_to_bytes(g_steal_pointer(&csv)));
    return TRUE;
}

static gboolean list(ApiCall *call, GError **error) {
    Instant now = clock_now();
    WaitFilter filter;
    g_auto(JsonText) text;
    json_text_init(&text);
    Db *db = api_call_reader(call, error);
    g_autofree char *zone = db == NULL ? NULL : wait_query_zone(call, db, error);
    if (zone == NULL || !wait_query_read(call, zone, PERIOD_STARTED, 0, now + 1, &filter, error))
        return FALSE;
    if (wait_query_is_csv(call))
        return answer_csv(call, db, &filter, now, error);
    if (!write_page(call, db, &filter, now, &text, error))
        return FALSE;
    answer_text(call, &text);
    return TRUE;
}

static void list_work(ApiCall *call) {
    GError *error = NULL;
    if (!list(call, &error))
        api_call_fail(call, error);
}

static void list_waits(ApiCall *call) {
    api_call_work(call, list_work);
}

static void get_wait(ApiCall *call) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    Id id = api_call_path_id(call, "wait", &error);
    Db *db = id == 0 ? NULL : api_call_reader(call, &error);
    if (db != NULL && wait_list_one(db, id, clock_now(), &text, NULL, &error))
        answer_text(call, &text);
    else
        api_call_fail(call, error);
}

static gboolean explain(ApiCall *call, JsonText *text, GError **error) {
    Id id = api_call_path_id(call, "wait", error);
    Db *db = id == 0 ? NULL : api_call_reader(call, error);
    if (db == NULL || !db_snapshot_begin(db, error))
        return FALSE;
    gboolean is_done = wait_explain(db, id, clock_now(), text, error);
    db_snapshot_end(db);
    return is_done;
}

static void explain_work(ApiCall *call) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    if (explain(call, &text, &error))
        answer_text(call, &text);
    else
        api_call_fail(call, error);
}

static void explain_wait(ApiCall *call) {
    api_call_work(call, explain_work);
}

const ApiRoute api_wait_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/waits",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = list_waits,
     .query = WAIT_QUERY " format " PAGE_QUERY},
    {.method = "GET",
     .pattern = "/api/v1/waits/{wait}",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = get_wait},
    {.method = "GET",
     .pattern = "/api/v1/waits/{wait}/explain",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = explain_wait},
    {0},
};
