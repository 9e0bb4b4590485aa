// report, explain and reports: the figures of waits, their arithmetic, and making them again.
#include <string.h>

#include "base/error.h"
#include "control/verbs.h"

static const ControlOption report_options[] = {
    {"from", "DAY",
     "the period's beginning: a day of the zone, or an instant; 30 days ago unless given"},
    {"to", "DAY", "its end, not included; now unless given"},
    {"by", "CUT",
     "agent, assignee, team, channel, kind, priority, hour, day, week, month, quarter; "
     "two with a comma between"},
    {"period", "WHAT", "waits that started, ended (unless given) or were open in the period"},
    {"zone", "ZONE", "IANA time zone of days and hours; that of the calendar unless given"},
    {"set", "WAITS", "all (unless given), first, next or first_ever"},
    {"csv", NULL, "print CSV"},
    {0},
};

static char *report_path(Control *control) {
    static const char *const names[] = {"from", "to", "by", "period", "zone"};
    GString *path = g_string_new("/api/v1/reports/response-times");
    char separator = '?';
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++) {
        const char *value = control_option(control, names[at]);
        if (value == NULL)
            continue;
        g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
        g_string_append_printf(path, "%c%s=%s", separator, names[at], escaped);
        separator = '&';
    }
    if (control_flag(control, "csv"))
        g_string_append_printf(path, "%cformat=csv", separator);
    return g_string_free(path, FALSE);
}

static gboolean print_csv(Control *control, const char *path, GError **error) {
    HttpAnswer *answer = control_call_bytes(control, "GET", path, NULL, NULL, error);
    if (answer == NULL)
        return FALSE;
    gsize length;
    const char *csv = g_bytes_get_data(answer->body, &length);
    fwrite(csv, 1, length, stdout);
    http_answer_free(answer);
    return TRUE;
}

// 3723004 -> "1:02:03"; for people, whole seconds.
static char *duration_text(const json_t *ms) {
    if (!json_is_integer(ms))
        return g_strdup("-");
    gint64 seconds = (json_integer_value(ms) + 500) / 1000;
    return g_strdup_printf("%" G_GINT64_FORMAT ":%02d:%02d", seconds / 3600,
                           (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static char *quantile_text(const json_t *quantile) {
    const json_t *more = json_object_get(quantile, "more_than_ms");
    if (more == NULL)
        return duration_text(json_object_get(quantile, "ms"));
    g_autofree char *length = duration_text(more);
    return g_strconcat("> ", length, NULL);
}

static void take_text(json_t *row, const char *name, char *text) {
    json_object_set_new(row, name, json_string(text));
    g_free(text);
}

// The cells that people see of one series, under prefixed names.
static void add_series(json_t *row, const char *prefix, const json_t *series) {
    static const char *const plain[] = {"median", "p90", "p95", "maximum", "mean"};
    for (gsize at = 0; at < G_N_ELEMENTS(plain); at++) {
        g_autofree char *member = g_strconcat(plain[at], "_ms", NULL);
        g_autofree char *name = g_strconcat(prefix, plain[at], NULL);
        take_text(row, name, duration_text(json_object_get(series, member)));
    }
    const json_t *survival = json_object_get(series, "survival");
    g_autofree char *median = g_strconcat(prefix, "km_median", NULL);
    g_autofree char *p90 = g_strconcat(prefix, "km_p90", NULL);
    take_text(row, median, quantile_text(json_object_get(survival, "median")));
    take_text(row, p90, quantile_text(json_object_get(survival, "p90")));
}

static char *label_of(const json_t *group) {
    GString *label = g_string_new(NULL);
    size_t at;
    json_t *key;
    json_array_foreach(json_object_get(group, "keys"), at, key) g_string_append_printf(
        label, "%s%s", at > 0 ? ", " : "", json_string_value(json_object_get(key, "label")));
    return g_string_free(label->len > 0 ? label : g_string_append(label, "all"), FALSE);
}

static json_t *row_of(const json_t *group, const char *set) {
    const json_t *figures = json_object_get(json_object_get(group, "waits"), set);
    static const char *const counts[] = {"n", "open", "dismissed"};
    json_t *row = json_object();
    take_text(row, "label", label_of(group));
    for (gsize at = 0; at < G_N_ELEMENTS(counts); at++)
        json_object_set(row, counts[at], json_object_get(figures, counts[at]));
    add_series(row, "", json_object_get(figures, "elapsed"));
    add_series(row, "business_", json_object_get(figures, "business"));
    return row;
}

static const ControlColumn report_columns[] = {
    {"", "label"},
    {"Answered", "n"},
    {"Open", "open"},
    {"Dismissed", "dismissed"},
    {"Median (survival)", "km_median"},
    {"p90 (survival)", "km_p90"},
    {"Median", "median"},
    {"p90", "p90"},
    {"p95", "p95"},
    {"Maximum", "maximum"},
    {"Mean", "mean"},
    {"Business median", "business_median"},
    {"Business p90", "business_p90"},
    {0},
};

static gboolean print_report(Control *control, const json_t *report, GError **error) {
    const char *set = control_option(control, "set");
    if (set == NULL)
        set = "all";
    const json_t *total = json_object_get(report, "total");
    if (json_object_get(json_object_get(total, "waits"), set) == NULL) {
        error_set(error, ERROR_INVALID, "set_invalid",
                  "set is one of all, first, next, first_ever");
        return FALSE;
    }
    json_t *rows = json_array();
    size_t at;
    json_t *group;
    json_array_foreach(json_object_get(report, "groups"), at, group)
        json_array_append_new(rows, row_of(group, set));
    json_t *last = row_of(total, set);
    json_object_set_new(last, "label", json_string("Total"));
    json_array_append_new(rows, last);
    control_say(control, "Waits %s from %s to %s (%s); survival estimates over those started then.",
                json_string_value(json_object_get(report, "period")),
                json_string_value(json_object_get(report, "from")),
                json_string_value(json_object_get(report, "to")),
                json_string_value(json_object_get(report, "zone")));
    control_print_list(control, rows, report_columns);
    json_decref(rows);
    return TRUE;
}

static gboolean report_response_times(Control *control, GError **error) {
    g_autofree char *path = report_path(control);
    if (control_flag(control, "csv"))
        return print_csv(control, path, error);
    json_t *report = control_call(control, "GET", path, NULL, error);
    gboolean is_done = report != NULL;
    if (is_done && control_is_json(control))
        control_print_record(control, report, report_columns);
    else if (is_done)
        is_done = print_report(control, report, error);
    json_decref(report);
    return is_done;
}

static const ControlColumn explain_columns[] = {
    {"Wait", "wait.id"},
    {"Conversation", "wait.conversation_id"},
    {"Kind", "wait.kind"},
    {"State", "wait.state"},
    {"Started", "start.at"},
    {"because", "start.why"},
    {"Ended", "end.at"},
    {"because", "end.why"},
    {"Elapsed (ms)", "elapsed_ms"},
    {"Business (ms)", "business.business_ms"},
    {"Snoozed (ms)", "snoozed_ms"},
    {"Calendar", "business.calendar"},
    {"Calendar version", "business.calendar_version_id"},
    {"Rule version", "rule_version"},
    {0},
};

static const ControlColumn message_columns[] = {
    {"Message", "message_id"},
    {"Event", "event_id"},
    {"Occurred", "occurred_at"},
    {"Received", "received_at"},
    {0},
};

static const ControlColumn opening_columns[] = {
    {"Open from", "from"},
    {"to", "to"},
    {"ms", "ms"},
    {"Calendar version", "calendar_version_id"},
    {0},
};

static gboolean explain_wait(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/waits/%s/explain", control_argument(control, 0));
    json_t *json = control_call(control, "GET", path, NULL, error);
    if (json == NULL)
        return FALSE;
    control_print_record(control, json, explain_columns);
    if (!control_is_json(control)) {
        const json_t *openings = json_object_get(json_object_get(json, "business"), "openings");
        control_print_list(control, json_object_get(json, "messages"), message_columns);
        if (openings != NULL)
            control_print_list(control, openings, opening_columns);
    }
    json_decref(json);
    return TRUE;
}

static const ControlColumn board_columns[] = {
    {"", "label"},
    {"Waiting", "waiting"},
    {"Longest since", "oldest_started_at"},
    {"Answered today", "answered"},
    {"First median", "first_median"},
    {0},
};

static void add_board_rows(json_t *rows, const json_t *figures) {
    size_t at;
    json_t *row;
    json_array_foreach(figures, at, row) {
        take_text(row, "first_median", duration_text(json_object_get(row, "first_median_ms")));
        json_array_append(rows, row);
    }
}

static gboolean show_board(Control *control, GError **error) {
    json_t *json = control_call(control, "GET", "/api/v1/reports/board", NULL, error);
    if (json == NULL)
        return FALSE;
    if (control_is_json(control)) {
        control_print_record(control, json, board_columns);
    } else {
        json_t *rows = json_array(), *total = json_pack("[O]", json_object_get(json, "total"));
        json_object_set_new(json_array_get(total, 0), "label", json_string("all"));
        add_board_rows(rows, total);
        add_board_rows(rows, json_object_get(json, "channels"));
        add_board_rows(rows, json_object_get(json, "teams"));
        control_print_list(control, rows, board_columns);
        json_decref(total);
        json_decref(rows);
    }
    json_decref(json);
    return TRUE;
}

static const ControlColumn rebuild_columns[] = {
    {"Waits", "waits"},
    {"Episodes", "episodes"},
    {0},
};

static gboolean rebuild_reports(Control *control, GError **error) {
    json_t *json = control_call(control, "POST", "/api/v1/reports/rebuild", NULL, error);
    if (json != NULL)
        control_print_record(control, json, rebuild_columns);
    json_decref(json);
    return json != NULL;
}

const ControlVerb control_report_verbs[] = {
    {.verb = "report",
     .action = "response-times",
     .arguments = "",
     .summary = "Show how long customers wait, and what is still open",
     .options = report_options,
     .run = report_response_times},
    {.verb = "report",
     .action = "board",
     .arguments = "",
     .summary = "Show who waits now and what was answered today, by channel and team",
     .run = show_board},
    {.verb = "explain",
     .action = "wait",
     .arguments = "ID",
     .summary = "Show the arithmetic of one wait",
     .run = explain_wait},
    {.verb = "reports",
     .action = "rebuild",
     .arguments = "",
     .summary = "Make the tables of waits and episodes again from the event log",
     .run = rebuild_reports},
    {0},
};
