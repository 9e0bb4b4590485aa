// What says how it goes: health, readiness, figures, version.
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "api/resources.h"
#include "api/server.h"
#include "base/error.h"
#include "desk/live_events.h"
#include "store/event.h"

#define METRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"
static void answer_text(ApiCall *call, unsigned status, const char *text) {
    api_call_answer_bytes(call, status, "text/plain; charset=utf-8",
                          g_bytes_new_static(text, strlen(text)));
}

// The process answers: nothing else is asked.
static void answer_alive(ApiCall *call) {
    answer_text(call, 200, "ok\n");
}

// The store can be read.
static void answer_ready(ApiCall *call) {
    GError *error = NULL;
    gint64 one = 0;
    gboolean found = FALSE;
    Db *db = api_call_reader(call, &error);
    if (db != NULL && db_query_int(db, "SELECT 1", DB_NO_VALUES, &one, &found, &error))
        answer_text(call, 200, "ready\n");
    else
        api_call_fail(call, error);
}

static void answer_version(ApiCall *call) {
    api_call_answer_json(call, 200, json_pack("{s:s}", "version", PACKAGE_VERSION));
}

static gboolean is_loopback(const char *address) {
    return address[0] == '\0' || g_str_has_prefix(address, "127.") || strcmp(address, "::1") == 0;
}

// From this machine, or with the token that the operator set.
static gboolean may_see_metrics(ApiCall *call) {
    const char *token = api_call_parts(call)->metrics_token;
    const char *header = api_call_header(call, "Authorization");
    if (api_call_principal(call)->is_local || is_loopback(api_call_peer(call)))
        return api_call_header(call, "X-Forwarded-For") == NULL;
    return token != NULL && header != NULL && g_str_has_prefix(header, "Bearer ") &&
           secret_equal(header + 7, strlen(header) - 7, token, strlen(token));
}

static void add_metric(GString *out, const char *name, const char *type, gint64 value) {
    gboolean is_counter = strcmp(type, "counter") == 0;
    g_string_append_printf(out, "# TYPE dialogd_%s %s\ndialogd_%s%s %" G_GINT64_FORMAT "\n", name,
                           type, name, is_counter ? "_total" : "", value);
}

static const struct {
    const char *name;
    const char *sql;
} counts[] = {
    {"conversations_open", "SELECT COUNT(*) FROM conversation WHERE status = 'open' AND "
                           "merged_into IS NULL"},
    {"conversations_waiting", "SELECT COUNT(*) FROM conversation WHERE waiting_since IS NOT NULL "
                              "AND merged_into IS NULL"},
    {"intake_quarantined", "SELECT COUNT(*) FROM intake WHERE state = 'quarantined'"},
    {"outbox_queued", "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'retry')"},
    {"outbox_unknown", "SELECT COUNT(*) FROM outbox WHERE state = 'unknown'"},
};

static gboolean add_store_metrics(Db *db, GString *out, GError **error) {
    for (gsize at = 0; at < G_N_ELEMENTS(counts); at++) {
        gint64 value = 0;
        gboolean found = FALSE;
        if (!db_query_int(db, counts[at].sql, DB_NO_VALUES, &value, &found, error))
            return FALSE;
        add_metric(out, counts[at].name, "gauge", value);
    }
    gint64 seq = 0;
    if (!event_last_seq(db, &seq, error))
        return FALSE;
    add_metric(out, "events", "counter", seq);
    return TRUE;
}

static gint64 resident_bytes(void) {
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
        return 0;
    const char *second = strchr(text, ' ');
    return second != NULL ? g_ascii_strtoll(second, NULL, 10) * sysconf(_SC_PAGESIZE) : 0;
}

static void add_server_metrics(ApiCall *call, GString *out) {
    ServerFigures figures;
    LiveEvents *live = api_call_parts(call)->live;
    server_figures(&figures);
    add_metric(out, "http_connections", "gauge", figures.connections);
    add_metric(out, "http_requests", "counter", (gint64)figures.requests);
    add_metric(out, "http_connections_cut", "counter", (gint64)figures.cut_slow);
    add_metric(out, "http_connections_refused", "counter", (gint64)figures.refused);
    add_metric(out, "event_streams", "gauge", live != NULL ? live_events_count(live) : 0);
    add_metric(out, "resident_memory_bytes", "gauge", resident_bytes());
}

static void make_metrics(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    Db *db = api_call_reader(call, &error);
    if (db == NULL || !add_store_metrics(db, out, &error)) {
        api_call_fail(call, error);
        return;
    }
    add_server_metrics(call, out);
    g_string_append(out, "# EOF\n");
    api_call_answer_bytes(call, 200, METRICS_TYPE, g_bytes_new(out->str, out->len));
}

static void answer_metrics(ApiCall *call) {
    GError *error = NULL;
    if (may_see_metrics(call)) {
        api_call_work(call, make_metrics);
        return;
    }
    error_set(&error, ERROR_NOT_FOUND, "route_unknown", "there is nothing at this path");
    api_call_fail(call, error);
}

const ApiRoute api_status_routes[] = {
    {.method = "GET",
     .pattern = "/healthz",
     .permission = PERMISSION_ANYONE,
     .handler = answer_alive},
    {.method = "GET",
     .pattern = "/readyz",
     .permission = PERMISSION_ANYONE,
     .handler = answer_ready},
    {.method = "GET",
     .pattern = "/metrics",
     .permission = PERMISSION_ANYONE,
     .handler = answer_metrics},
    {.method = "GET",
     .pattern = "/api/v1/version",
     .permission = PERMISSION_SIGNED_IN,
     .handler = answer_version},
    {0},
};
