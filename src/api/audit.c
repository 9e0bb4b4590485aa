// GET /api/v1/audit: who did what that matters to security (store/audit.h), newest first.
#include "api/page.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"

#define PAGE_INITIAL 50
#define PAGE_HIGH 200

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"actor", COLUMN_TEXT},
    {"actor_id", COLUMN_ID},
    {"action", COLUMN_TEXT},
    {"object", COLUMN_TEXT},
    {"object_id", COLUMN_ID},
    {"recorded_at", COLUMN_INSTANT},
    {"data", COLUMN_RAW},
    {0},
};

// Ids are ordered by time, so a period is a range of them.
typedef struct {
    Page page;
    Id low;  // at or after
    Id high; // before
    Id agent_id;
    const char *action;
} AuditQuery;

static gboolean read_query(const ApiCall *call, AuditQuery *query, GError **error) {
    Instant from = INSTANT_NONE, to = INSTANT_NONE;
    *query = (AuditQuery){.high = G_MAXINT64, .action = api_call_query(call, "action")};
    if (!page_read(call, PAGE_INITIAL, PAGE_HIGH, &query->page, error) ||
        !api_call_query_id(call, "agent", &query->agent_id, error) ||
        !api_call_query_instant(call, "from", &from, error) ||
        !api_call_query_instant(call, "to", &to, error))
        return FALSE;
    const Instant end = id_instant(G_MAXINT64); // of ids
    if (from != INSTANT_NONE)
        query->low = from < end ? id_first(from) : G_MAXINT64;
    if (to != INSTANT_NONE && to < end)
        query->high = id_first(to);
    if (query->page.has_cursor)
        query->high = MIN(query->high, query->page.id);
    return TRUE;
}

// The index of the filter that was given, walked backwards by id.
#define LIST(condition)                                                                            \
    "SELECT id, actor, actor_id, action, object, object_id, recorded_at, data FROM audit WHERE "   \
    "id >= $1 AND id < $2 " condition " ORDER BY id DESC LIMIT $3"

static DbRows *find_rows(Db *db, const AuditQuery *query, GError **error) {
    const DbValue low = DB_INT(query->low), high = DB_INT(query->high);
    const DbValue limit = DB_INT(query->page.limit + 1);
    const DbValue action = DB_TEXT(query->action), agent = DB_ID(query->agent_id);
    if (query->agent_id != 0 && query->action != NULL)
        return db_query(db, LIST("AND actor_id = $4 AND action = $5"),
                        DB_VALUES(low, high, limit, agent, action), error);
    if (query->agent_id != 0)
        return db_query(db, LIST("AND actor_id = $4"), DB_VALUES(low, high, limit, agent), error);
    if (query->action != NULL)
        return db_query(db, LIST("AND action = $4"), DB_VALUES(low, high, limit, action), error);
    return db_query(db, LIST(""), DB_VALUES(low, high, limit), error);
}

static gboolean write_page(JsonText *text, DbRows *rows, gint64 limit, GError **error) {
    GError *problem = NULL;
    Id last = 0;
    gint64 count = 0;
    json_text_begin_object(text, NULL);
    json_text_begin_array(text, "items");
    while (count < limit && db_rows_next(rows, &problem)) {
        json_text_begin_object(text, NULL);
        rows_write_members(text, rows, columns);
        json_text_end_object(text);
        last = db_rows_id(rows, 0);
        count++;
    }
    json_text_end_array(text);
    gboolean has_more = problem == NULL && count == limit && db_rows_next(rows, &problem);
    g_autofree char *next = has_more ? page_cursor(0, last) : NULL;
    json_text_add_text(text, "next", next);
    json_text_end_object(text);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static void list_audit(ApiCall *call) {
    GError *error = NULL;
    AuditQuery query;
    g_auto(JsonText) text;
    json_text_init(&text);
    Db *db = read_query(call, &query, &error) ? api_call_reader(call, &error) : NULL;
    g_autoptr(DbRows) rows = db != NULL ? find_rows(db, &query, &error) : NULL;
    gboolean written = rows != NULL && write_page(&text, rows, query.page.limit, &error);
    g_clear_pointer(&rows, db_rows_free);
    if (written)
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

const ApiRoute api_audit_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/audit",
     .permission = PERMISSION_AUDIT_READ,
     .handler = list_audit,
     .query = PAGE_QUERY " action agent from to"},
    {0},
};
