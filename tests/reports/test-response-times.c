// Reports over recorded events: the rows of metrics.md's table that are about figures, lists that
// agree with the figures that name them, CSV, explanations.
#include "fixture_many.h"
#include "reports/response_write.h"
#include "reports/wait_explain.h"
#include "reports/wait_list.h"

#define MINUTE G_GINT64_CONSTANT(60000)

static ResponseQuery query_of(Period period, const char *now) {
    ResponseQuery query = {.filter = wait_filter_all(at(now)), .zone_name = "Europe/Helsinki"};
    query.now = at(now);
    query.filter.period = period;
    query.filter.from = at("00:00");
    return query;
}

static ResponseReport *report_of(Db *db, const ResponseQuery *query) {
    g_autoptr(GError) error = NULL;
    ResponseReport *report = response_report_new(db, query, &error);
    g_assert_no_error(error);
    return report;
}

static json_t *json_of(Db *db, ResponseReport *report) {
    g_autoptr(GError) error = NULL;
    g_autoptr(ResponseNames) names = response_names_new(db, &error);
    g_auto(JsonText) text;
    json_text_init(&text);
    response_write_json(report, names, &text);
    json_t *json = json_loads(text.out->str, 0, NULL);
    g_assert_nonnull(json);
    return json;
}

// The integer at a path such as "total.waits.all.n".
static gint64 number(const json_t *json, const char *path) {
    g_auto(GStrv) parts = g_strsplit(path, ".", 0);
    for (guint part = 0; parts[part] != NULL; part++)
        json = json_is_array(json)
                   ? json_array_get(json, (size_t)g_ascii_strtoull(parts[part], NULL, 10))
                   : json_object_get(json, parts[part]);
    g_assert_true(json_is_integer(json));
    return json_integer_value(json);
}

// Conversations 1 to 4: answered after 10, 20 and 30 minutes, open for 60.
static FixtureLog *four_waits(void) {
    FixtureLog *log = fixture_log_new();
    static const char *const replies[] = {"10:10", "10:20", "10:30"};
    for (Id id = 1; id <= 4; id++) {
        log->conversation_id = id;
        fixture_in(log, "10:00", id);
        if (id < 4)
            fixture_reply(log, replies[id - 1], 10 + id);
    }
    return log;
}

static void test_the_survival_estimate_stands_beside_the_plain_figures(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = four_waits();
    fixture_record_all(fixture.db, log);
    ResponseQuery query = query_of(PERIOD_STARTED, "11:00");
    g_autoptr(ResponseReport) report = report_of(fixture.db, &query);
    json_t *json = json_of(fixture.db, report);
    g_assert_cmpint(number(json, "total.waits.all.n"), ==, 3);
    g_assert_cmpint(number(json, "total.waits.all.open"), ==, 1);
    g_assert_cmpint(number(json, "total.waits.all.elapsed.median_ms"), ==, 20 * MINUTE);
    g_assert_cmpint(number(json, "total.waits.all.elapsed.survival.median.ms"), ==, 20 * MINUTE);
    g_assert_cmpint(number(json, "total.waits.all.elapsed.survival.p90.more_than_ms"), ==,
                    60 * MINUTE);
    g_assert_cmpint(number(json, "total.waits.all.business.median_ms"), ==, 20 * MINUTE);
    json_decref(json);
}

static void test_dismissed_waits_are_listed_beside_the_answered(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_status(log, "11:00", "open", "resolved");
    fixture_in(log, "12:00", 2);
    fixture_status(log, "12:00:59", "open", "resolved");
    fixture_record_all(fixture.db, log);
    ResponseQuery query = query_of(PERIOD_STARTED, "13:00");
    g_autoptr(ResponseReport) report = report_of(fixture.db, &query);
    json_t *json = json_of(fixture.db, report);
    g_assert_cmpint(number(json, "total.waits.all.n"), ==, 0);
    g_assert_cmpint(number(json, "total.waits.all.dismissed"), ==, 2);
    g_assert_cmpint(number(json, "total.waits.all.dismissed_under_minute"), ==, 1);
    g_assert_cmpint(number(json, "total.waits.all.elapsed.survival.median.more_than_ms"), ==,
                    60 * MINUTE);
    g_assert_cmpint(number(json, "total.resolution.episodes"), ==, 2);
    g_assert_cmpint(number(json, "total.resolution.first.elapsed.maximum_ms"), ==, 60 * MINUTE);
    json_decref(json);
}

static void test_one_mail_to_two_channels_counts_once_in_the_total(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    log->channel_id = SALES;
    fixture_add(log, EVENT_ALSO_DELIVERED, "10:00", ACTOR_SYSTEM, 0, 1, NULL);
    log->channel_id = SUPPORT;
    fixture_reply(log, "10:05", 2);
    fixture_record_all(fixture.db, log);
    ResponseQuery query = query_of(PERIOD_ENDED, "13:00");
    query.cuts[query.cut_count++] = CUT_CHANNEL;
    g_autoptr(ResponseReport) report = report_of(fixture.db, &query);
    json_t *json = json_of(fixture.db, report);
    g_assert_cmpint(number(json, "total.waits.all.n"), ==, 1);
    g_assert_cmpint(number(json, "groups.0.waits.all.elapsed.median_ms"), ==, 5 * MINUTE);
    g_assert_cmpint(number(json, "groups.0.waits.all.answered_elsewhere"), ==, 0);
    g_assert_cmpint(number(json, "groups.1.waits.all.waits"), ==, 1);
    g_assert_cmpint(number(json, "groups.1.waits.all.answered_elsewhere"), ==, 1);
    // Sales has no calendar: no business figures there.
    json_t *sales = json_array_get(json_object_get(json, "groups"), 1);
    json_t *all = json_object_get(json_object_get(sales, "waits"), "all");
    g_assert_true(json_is_null(json_object_get(all, "business")));
    json_decref(json);
}

static void test_a_channel_without_calendar_leaves_the_business_figures(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_reply(log, "10:10", 2);
    log->conversation_id = 2;
    log->channel_id = SALES;
    fixture_in(log, "10:00", 3);
    fixture_reply(log, "10:50", 4);
    fixture_record_all(fixture.db, log);
    ResponseQuery query = query_of(PERIOD_ENDED, "13:00");
    g_autoptr(ResponseReport) report = report_of(fixture.db, &query);
    json_t *json = json_of(fixture.db, report);
    g_assert_cmpint(number(json, "total.waits.all.elapsed.n"), ==, 2);
    g_assert_cmpint(number(json, "total.waits.all.business.n"), ==, 1);
    g_assert_cmpint(number(json, "total.waits.all.business.mean_ms"), ==, 10 * MINUTE);
    json_decref(json);
}

static void test_a_reply_is_credited_to_its_writer_and_cut_by_assignee(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_assigned(log, "10:01", BOB, TEAM);
    fixture_reply(log, "10:05", 2);
    fixture_record_all(fixture.db, log);
    ResponseQuery query = query_of(PERIOD_ENDED, "13:00");
    query.cuts[0] = CUT_AGENT;
    query.cuts[1] = CUT_ASSIGNEE;
    query.cut_count = 2;
    g_autoptr(ResponseReport) report = report_of(fixture.db, &query);
    for (guint index = 0; index < report->groups->len; index++) {
        ResponseGroup *group = g_ptr_array_index(report->groups, index);
        if (group->sets[FIGURES_ALL].waits == 0)
            continue;
        g_assert_cmpint(group->keys[0].value, ==, ALICE);
        g_assert_cmpint(group->keys[1].value, ==, BOB);
    }
}

// The number of waits that a figure's URL lists.
static gint64 listed(Db *db, const WaitFilter *filter, Instant now) {
    g_autoptr(GError) error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    wait_list_page(db, filter, (WaitPosition){0}, WAIT_PAGE_MAX, now, &text, &error);
    g_assert_no_error(error);
    json_t *json = json_loads(text.out->str, 0, NULL);
    gint64 count = (gint64)json_array_size(json_object_get(json, "items"));
    json_decref(json);
    return count;
}

static void check_lists(Db *db, const ResponseReport *report, const ResponseGroup *group) {
    Period period = report->query.filter.period;
    for (int set = 0; set < FIGURES_SETS; set++) {
        const WaitFigures *figures = &group->sets[set];
        const ResponseGroup *named = group == report->total ? NULL : group;
        WaitFilter filter = response_filter(report, named, (FigureSet)set, period);
        g_assert_cmpint(listed(db, &filter, report->query.now), ==, figures->waits);
        filter.state = WAIT_ANSWERED;
        g_assert_cmpint(listed(db, &filter, report->query.now), ==, figures->elapsed.lengths->len);
        filter.state = WAIT_DISMISSED;
        g_assert_cmpint(listed(db, &filter, report->query.now), ==, figures->dismissed);
        filter.shorter_than_ms = MINUTE;
        g_assert_cmpint(listed(db, &filter, report->query.now), ==,
                        figures->dismissed_under_minute);
        filter = response_filter(report, named, (FigureSet)set, PERIOD_STARTED);
        g_assert_cmpint(listed(db, &filter, report->query.now), ==, figures->elapsed.cohort->len);
        filter = response_filter(report, named, (FigureSet)set,
                                 period == PERIOD_ENDED ? PERIOD_STILL_OPEN : period);
        filter.state = WAIT_OPEN;
        g_assert_cmpint(listed(db, &filter, report->query.now), ==, figures->open);
    }
}

static void test_each_figure_names_the_query_that_lists_its_waits(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = many_waits();
    fixture_record_all(fixture.db, log);
    for (int cut = 0; cut < CUTS; cut++)
        for (int period = PERIOD_STARTED; period <= PERIOD_OPEN; period++) {
            ResponseQuery query = query_of((Period)period, "12:00");
            query.filter.from = at("2026-11-21T00:00:00");
            query.cuts[0] = (Cut)cut;
            query.cuts[1] = CUT_CHANNEL;
            query.cut_count = cut == CUT_CHANNEL ? 1 : 2;
            g_autoptr(ResponseReport) report = report_of(fixture.db, &query);
            check_lists(fixture.db, report, report->total);
            for (guint index = 0; index < report->groups->len; index++)
                check_lists(fixture.db, report, g_ptr_array_index(report->groups, index));
        }
}

static void test_pages_show_each_wait_once(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = many_waits();
    fixture_record_all(fixture.db, log);
    WaitFilter filter = wait_filter_all(at("12:00"));
    gint64 all = listed(fixture.db, &filter, at("12:00")), seen = 0;
    WaitPosition after = {0};
    gboolean has_more = TRUE;
    while (has_more) {
        g_auto(JsonText) text;
        json_text_init(&text);
        g_assert_true(wait_list_page(fixture.db, &filter, after, 7, at("12:00"), &text, NULL));
        json_t *json = json_loads(text.out->str, 0, NULL);
        seen += (gint64)json_array_size(json_object_get(json, "items"));
        const char *next = json_string_value(json_object_get(json, "next"));
        has_more = next != NULL;
        if (has_more)
            after = (WaitPosition){g_ascii_strtoll(next, NULL, 10),
                                   g_ascii_strtoll(strchr(next, '.') + 1, NULL, 10)};
        json_decref(json);
    }
    g_assert_cmpint(seen, ==, all);
}

static void test_csv_has_seconds_and_instants(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    fixture_in(log, "10:00", 1);
    fixture_reply(log, "2026-11-23T10:59:59.999", 2);
    fixture_record_all(fixture.db, log);
    g_autoptr(GString) csv = g_string_new(NULL);
    WaitFilter filter = wait_filter_all(at("12:00"));
    g_assert_true(wait_list_csv(fixture.db, &filter, at("12:00"), csv, NULL));
    g_assert_nonnull(strstr(csv->str, ",answered,2026-11-23T08:00:00.000Z,2026-11-23T08:59:59.999Z,"
                                      "3599.999,3599.999,0.000,"));
    ResponseQuery query = query_of(PERIOD_ENDED, "12:00");
    query.cuts[query.cut_count++] = CUT_DAY;
    g_autoptr(ResponseReport) report = report_of(fixture.db, &query);
    g_autoptr(ResponseNames) names = response_names_new(fixture.db, NULL);
    g_string_truncate(csv, 0);
    response_write_csv(report, names, csv);
    g_assert_true(g_str_has_prefix(csv->str, "day,day_name,waits_of_kind,waits,n,median_s,"));
    g_assert_nonnull(strstr(csv->str, "\r\n2026-11-23,2026-11-23,all,1,1,3599.999,3599.999,"));
}

static void test_an_explanation_counts_each_opening(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = fixture_log_new();
    g_autoptr(GError) error = NULL;
    Id id = fixture_in(log, "2026-11-20T15:30:00", 1);
    fixture_in(log, "2026-11-20T15:40:00", 2);
    fixture_reply(log, "08:30", 3);
    fixture_record_all(fixture.db, log);
    g_auto(JsonText) text;
    json_text_init(&text);
    wait_explain(fixture.db, id, at("12:00"), &text, &error);
    g_assert_no_error(error);
    json_t *json = json_loads(text.out->str, 0, NULL);
    g_assert_cmpint(number(json, "elapsed_ms"), ==, 65 * 60 * MINUTE);
    g_assert_cmpint(number(json, "business.business_ms"), ==, 60 * MINUTE);
    g_assert_cmpint(number(json, "business.openings.0.ms"), ==, 30 * MINUTE);
    g_assert_cmpint(number(json, "business.openings.1.ms"), ==, 30 * MINUTE);
    g_assert_cmpuint(json_array_size(json_object_get(json, "messages")), ==, 2);
    g_assert_cmpuint(json_array_size(json_object_get(json, "events")), ==, 3);
    g_assert_cmpint(number(json, "wait.elapsed_ms"), ==, 65 * 60 * MINUTE);
    json_decref(json);
    g_assert_false(wait_explain(fixture.db, 77, at("12:00"), &text, &error));
    g_assert_cmpint((int)error_kind(error), ==, ERROR_NOT_FOUND);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/response-times/21-22-the-survival-estimate-stands-beside-the-plain-figures",
                    test_the_survival_estimate_stands_beside_the_plain_figures);
    g_test_add_func("/response-times/7-dismissed-waits-are-listed-beside-the-answered",
                    test_dismissed_waits_are_listed_beside_the_answered);
    g_test_add_func("/response-times/23-one-mail-to-two-channels-counts-once-in-the-total",
                    test_one_mail_to_two_channels_counts_once_in_the_total);
    g_test_add_func("/response-times/26-a-channel-without-calendar-leaves-the-business-figures",
                    test_a_channel_without_calendar_leaves_the_business_figures);
    g_test_add_func("/response-times/25-a-reply-is-credited-to-its-writer-and-cut-by-assignee",
                    test_a_reply_is_credited_to_its_writer_and_cut_by_assignee);
    g_test_add_func("/response-times/each-figure-names-the-query-that-lists-its-waits",
                    test_each_figure_names_the_query_that_lists_its_waits);
    g_test_add_func("/response-times/pages-show-each-wait-once", test_pages_show_each_wait_once);
    g_test_add_func("/response-times/24-csv-has-seconds-and-instants",
                    test_csv_has_seconds_and_instants);
    g_test_add_func("/response-times/an-explanation-counts-each-opening",
                    test_an_explanation_counts_each_opening);
    return g_test_run();
}
