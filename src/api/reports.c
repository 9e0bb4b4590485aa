// /api/v1/reports: response times, as JSON and CSV; making the tables behind them again.
#include <string.h>

#include "api/resources.h"
#include "api/wait_query.h"
#include "base/error.h"
#include "desk/wait_projection.h"
#include "reports/response_write.h"
#include "store/audit.h"

#define DEFAULT_SPAN_MS (30 * ZONE_DAY_MS)
#define REBUILD_AT_ONCE 500

// "agent" or "agent,day".
static gboolean read_cuts(const char *by, ResponseQuery *query, GError **error) {
    g_auto(GStrv) names = g_strsplit(by != NULL ? by : "", ",", 0);
    gsize count = g_strv_length(names);
    gboolean is_known = count <= G_N_ELEMENTS(query->cuts);
    for (gsize at = 0; is_known && at < count; at++)
        is_known = cut_parse(names[at], &query->cuts[at]);
    if (!is_known) {
        error_set(
            error, ERROR_INVALID, "cut_invalid",
            "by is one or two, with a comma between, of agent, assignee, team, channel, kind, "
            "priority, hour, day, week, month, quarter");
        return FALSE;
    }
    query->cut_count = count;
    return TRUE;
}

static gboolean read_query(ApiCall *call, const char *zone, ResponseQuery *query, GError **error) {
    Instant now = clock_now();
    *query = (ResponseQuery){.zone_name = zone, .now = now};
    if (!wait_query_read(call, zone, PERIOD_ENDED, now - DEFAULT_SPAN_MS, now, &query->filter,
                         error))
        return FALSE;
    if (query->filter.period == PERIOD_STILL_OPEN) {
        error_set(error, ERROR_INVALID, "period_invalid", "period is one of started, ended, open");
        return FALSE;
    }
    return read_cuts(api_call_query(call, "by"), query, error);
}

static GBytes *json_of(ResponseReport *report, const ResponseNames *names) {
    g_auto(JsonText) text;
    json_text_init(&text);
    response_write_json(report, names, &text);
    return json_text_take(&text);
}

static GBytes *csv_of(ResponseReport *report, const ResponseNames *names) {
    GString *csv = g_string_new(NULL);
    response_write_csv(report, names, csv);
    return g_string_free_to_bytes(csv);
}

static GBytes *make(ApiCall *call, Db *db, gboolean is_csv, GError **error) {
    ResponseQuery query;
    g_autofree char *zone = wait_query_zone(call, db, error);
    if (zone == NULL || !read_query(call, zone, &query, error))
        return NULL;
    g_autoptr(ResponseReport) report = response_report_new(db, &query, error);
    g_autoptr(ResponseNames) names = report == NULL ? NULL : response_names_new(db, error);
    if (names == NULL)
        return NULL;
    return is_csv ? csv_of(report, names) : json_of(report, names);
}

static void response_times_work(ApiCall *call) {
    GError *error = NULL;
    gboolean is_csv = wait_query_is_csv(call) ||
                      strstr(api_call_request(call)->url, "response-times.csv") != NULL;
    Db *db = api_call_reader(call, &error);
    GBytes *bytes = NULL;
    if (db != NULL && db_snapshot_begin(db, &error)) {
        bytes = make(call, db, is_csv, &error);
        db_snapshot_end(db);
    }
    if (bytes == NULL) {
        api_call_fail(call, error);
        return;
    }
    if (is_csv)
        api_call_add_header(call, "Content-Disposition",
                            "attachment; filename=\"response-times.csv\"");
    api_call_answer_bytes(call, 200, is_csv ? "text/csv; charset=utf-8" : "application/json",
                          bytes);
}

static void get_response_times(ApiCall *call) {
    api_call_work(call, response_times_work);
}

// A rebuild is a row of jobs, so that others write between them. The first also leaves its trace.
static gboolean run_links(Db *db, gpointer data, GError **error) {
    ApiCall *call = data;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    return wait_projection_rebuild_links(db, error) &&
           audit_add(db, actor, actor_id, "reports_rebuilt", "wait", 0, NULL, error);
}

typedef struct {
    Id after, last;
} RebuildPart;

static gboolean run_part(Db *db, gpointer data, GError **error) {
    RebuildPart *part = data;
    return wait_projection_rebuild_part(db, part->after, REBUILD_AT_ONCE, &part->last, error);
}

static gboolean rebuild_all(ApiCall *call, GError **error) {
    Writer *writer = store_writer(api_call_parts(call)->store);
    RebuildPart part = {0};
    if (!writer_run(writer, run_links, call, error))
        return FALSE;
    do {
        part.after = part.last;
        if (!writer_run(writer, run_part, &part, error))
            return FALSE;
    } while (part.last != 0);
    return TRUE;
}

static gboolean count(Db *db, const char *sql, gint64 *value, GError **error) {
    gboolean found;
    return db_query_int(db, sql, DB_NO_VALUES, value, &found, error);
}

static void rebuild_work(ApiCall *call) {
    GError *error = NULL;
    gint64 waits, episodes;
    Db *db = rebuild_all(call, &error) ? api_call_reader(call, &error) : NULL;
    if (db == NULL || !count(db, "SELECT count(*) FROM wait", &waits, &error) ||
        !count(db, "SELECT count(*) FROM episode", &episodes, &error)) {
        api_call_fail(call, error);
        return;
    }
    api_call_answer_json(
        call, 200,
        json_pack("{s:I, s:I}", "waits", (json_int_t)waits, "episodes", (json_int_t)episodes));
}

static void rebuild(ApiCall *call) {
    api_call_work_long(call, rebuild_work);
}

#define REPORT_QUERY WAIT_QUERY " by format"

const ApiRoute api_report_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/reports/response-times",
     .permission = PERMISSION_REPORT_READ,
     .handler = get_response_times,
     .query = REPORT_QUERY},
    {.method = "GET",
     .pattern = "/api/v1/reports/response-times.csv",
     .permission = PERMISSION_REPORT_READ,
     .handler = get_response_times,
     .query = REPORT_QUERY},
    {.method = "POST",
     .pattern = "/api/v1/reports/rebuild",
     .permission = PERMISSION_SYSTEM_MANAGE,
     .handler = rebuild},
    {0},
};
