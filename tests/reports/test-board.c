// The board and the distribution, held against counts that SQL makes of the same rows.
#include "fixture_many.h"
#include "reports/board.h"
#include "reports/response_distribution.h"
#include "reports/wait_list.h"

#define ZONE "Europe/Helsinki"

static gint64 count(Db *db, const char *sql, Instant from, Instant to) {
    g_autoptr(GError) error = NULL;
    gint64 value = 0;
    gboolean found;
    db_query_int(db, sql, DB_VALUES(DB_INT(from), DB_INT(to)), &value, &found, &error);
    g_assert_no_error(error);
    return value;
}

static json_t *board_of(Db *db, Instant now) {
    g_autoptr(GError) error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    board_write(db, ZONE, 0, now, &text, &error);
    g_assert_no_error(error);
    json_t *json = json_loads(text.out->str, 0, NULL);
    g_assert_nonnull(json);
    return json;
}

static gint64 number(const json_t *json, const char *name) {
    return json_integer_value(json_object_get(json, name));
}

// The middle one by nearest rank, found by SQL.
static gint64 first_median(Db *db, Instant from, Instant to) {
    return count(db,
                 "SELECT elapsed_ms FROM wait a WHERE kind = 'first' AND state = 'answered' AND"
                 " ended_at >= $1 AND ended_at < $2 ORDER BY elapsed_ms LIMIT 1 OFFSET (SELECT"
                 " (count(*) + 1) / 2 - 1 FROM wait WHERE kind = 'first' AND state = 'answered'"
                 " AND ended_at >= $1 AND ended_at < $2)",
                 from, to);
}

static void test_the_board_counts_what_the_rows_say(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = many_waits();
    fixture_record_all(fixture.db, log);
    Instant from = at("2026-11-23T00:00:00"), now = at("12:00");
    json_t *json = board_of(fixture.db, now), *total = json_object_get(json, "total");
    g_autofree char *oldest = instant_format(
        count(fixture.db, "SELECT min(started_at) FROM wait WHERE state = 'open' AND $1 < $2", from,
              now));
    g_assert_cmpint(
        number(total, "waiting"), ==,
        count(fixture.db, "SELECT count(*) FROM wait WHERE state = 'open' AND $1 < $2", from, now));
    g_assert_cmpstr(json_string_value(json_object_get(total, "oldest_started_at")), ==, oldest);
    g_assert_cmpint(number(total, "answered"), ==,
                    count(fixture.db,
                          "SELECT count(*) FROM wait WHERE state = 'answered' AND ended_at >= $1"
                          " AND ended_at < $2",
                          from, now));
    if (number(total, "first_n") > 0)
        g_assert_cmpint(number(total, "first_median_ms"), ==, first_median(fixture.db, from, now));
    json_decref(json);
}

static void test_rows_of_the_board_sum_to_its_total(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = many_waits();
    fixture_record_all(fixture.db, log);
    json_t *json = board_of(fixture.db, at("12:00")), *row;
    static const char *const names[] = {"waiting", "answered"};
    for (gsize name = 0; name < G_N_ELEMENTS(names); name++) {
        gint64 sum = 0;
        size_t index;
        json_array_foreach(json_object_get(json, "teams"), index, row) {
            sum += number(row, names[name]);
        }
        g_assert_cmpint(sum, ==, number(json_object_get(json, "total"), names[name]));
    }
    json_decref(json);
}

static void test_an_empty_board_has_no_median_and_no_longest_wait(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    json_t *json = board_of(fixture.db, at("12:00")), *total = json_object_get(json, "total");
    g_assert_cmpint(number(total, "waiting"), ==, 0);
    g_assert_true(json_is_null(json_object_get(total, "first_median_ms")));
    g_assert_true(json_is_null(json_object_get(total, "oldest_started_at")));
    json_decref(json);
}

static gint64 listed(Db *db, const WaitFilter *filter, Instant now) {
    g_auto(JsonText) text;
    json_text_init(&text);
    g_assert_true(wait_list_page(db, filter, (WaitPosition){0}, WAIT_PAGE_MAX, now, &text, NULL));
    json_t *json = json_loads(text.out->str, 0, NULL);
    gint64 size = (gint64)json_array_size(json_object_get(json, "items"));
    json_decref(json);
    return size;
}

// Each class against the list that it names; together they are all that was answered.
static void check_classes(Db *db, const ResponseReport *report, const GArray *lengths,
                          gboolean is_business) {
    static const gint64 edges[] = {0, 60000, 300000, 3600000, 14400000, 86400000, 0};
    gsize sum = 0;
    for (gsize at = 0; at + 1 < G_N_ELEMENTS(edges); at++) {
        WaitFilter filter = response_filter(report, NULL, FIGURES_ALL, PERIOD_ENDED);
        gint64 below = edges[at + 1];
        gsize n = response_distribution_count(lengths, edges[at], below);
        filter.state = WAIT_ANSWERED;
        *(is_business ? &filter.business_at_least_ms : &filter.at_least_ms) = edges[at];
        if (below != 0)
            *(is_business ? &filter.business_shorter_than_ms : &filter.shorter_than_ms) = below;
        g_assert_cmpint(listed(db, &filter, report->query.now), ==, (gint64)n);
        sum += n;
    }
    g_assert_cmpuint(sum, ==, lengths->len);
}

static void test_each_class_of_the_distribution_lists_its_waits(void) {
    g_auto(FixtureDb) fixture = fixture_db_new();
    g_autoptr(FixtureLog) log = many_waits();
    g_autoptr(GError) error = NULL;
    fixture_record_all(fixture.db, log);
    ResponseQuery query = {.filter = wait_filter_all(at("12:00")), .zone_name = ZONE};
    query.now = at("12:00");
    query.filter.period = PERIOD_ENDED;
    g_autoptr(ResponseReport) report = response_report_new(fixture.db, &query, &error);
    g_assert_no_error(error);
    const WaitFigures *all = &report->total->sets[FIGURES_ALL];
    g_assert_cmpuint(all->elapsed.lengths->len, >, 0);
    check_classes(fixture.db, report, all->elapsed.lengths, FALSE);
    check_classes(fixture.db, report, all->business.lengths, TRUE);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/board/the-board-counts-what-the-rows-say",
                    test_the_board_counts_what_the_rows_say);
    g_test_add_func("/board/rows-of-the-board-sum-to-its-total",
                    test_rows_of_the_board_sum_to_its_total);
    g_test_add_func("/board/an-empty-board-has-no-median-and-no-longest-wait",
                    test_an_empty_board_has_no_median_and_no_longest_wait);
    g_test_add_func("/board/each-class-of-the-distribution-lists-its-waits",
                    test_each_class_of_the_distribution_lists_its_waits);
    return g_test_run();
}
