// Times of reading a large inbox: a page of a list, a conversation of 200 messages, searches, among
// 1,000,000 messages in 200,000 conversations that came in by the way that web hooks take.
// usage: bench-store [MESSAGES]. Prints "figure NAME VALUE UNIT" lines.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/conversation_query.h"
#include "api/message_query.h"
#include "bench_fill.h"
#include "bench_text.h"
#include "store/search_find.h"

#define MESSAGES 1000000
#define A_CONVERSATION 5 // messages of most conversations
#define SAMPLES 400

typedef BenchFill Bench;

static gint compare_times(gconstpointer a, gconstpointer b) {
    gint64 one = *(const gint64 *)a;
    gint64 other = *(const gint64 *)b;
    return (one > other) - (one < other);
}

typedef void (*Sample)(const Bench *bench, Db *db, guint number);

static void measure(const Bench *bench, const char *name, Sample sample) {
    Db *db = store_reader_take(bench->fixture->store, NULL);
    gint64 times[SAMPLES];
    for (guint i = 0; i < SAMPLES; i++) {
        gint64 start = g_get_monotonic_time();
        sample(bench, db, i);
        times[i] = g_get_monotonic_time() - start;
    }
    store_reader_give(bench->fixture->store, db);
    qsort(times, SAMPLES, sizeof *times, compare_times);
    printf("figure %s_p50 %.2f ms\n", name, (double)times[SAMPLES / 2] / 1000);
    printf("figure %s_p99 %.2f ms\n", name, (double)times[SAMPLES * 99 / 100] / 1000);
    fflush(stdout);
}

static void list_sample(const Bench *bench, Db *db, guint number) {
    g_autoptr(SearchQuery) query = search_query_parse(number % 2 ? "is:open" : "", NULL);
    const SearchQuery *const queries[] = {query, NULL};
    ConversationList list = {.queries = queries, .me = 1, .viewer = 1, .now = bench->begin};
    list.limit = 50;
    list.has_place = number % 4 > 1;
    list.key = bench->begin + g_random_int_range(0, 1000000) * bench->messages / 1000;
    g_auto(JsonText) text;
    json_text_init(&text);
    g_autoptr(GError) error = NULL;
    json_text_begin_object(&text, NULL);
    conversation_query_write(db, &list, &text, &error);
    g_assert_no_error(error);
}

static GArray *long_conversations(const Bench *bench) {
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(Id));
    Db *db = store_reader_take(bench->fixture->store, NULL);
    DbRows *rows =
        db_query(db, "SELECT id FROM conversation WHERE message_count >= $1 ORDER BY id LIMIT 100",
                 DB_VALUES(DB_INT(MIN(LONG_MESSAGES, bench->messages / 10))), NULL);
    while (db_rows_next(rows, NULL)) {
        Id id = db_rows_id(rows, 0);
        g_array_append_val(ids, id);
    }
    db_rows_free(rows);
    store_reader_give(bench->fixture->store, db);
    return ids;
}

static GArray *long_ones;

static void open_sample(const Bench *bench, Db *db, guint number) {
    (void)bench;
    Id id = g_array_index(long_ones, Id, number % long_ones->len);
    Page page = {.limit = LONG_MESSAGES};
    g_auto(JsonText) text;
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    g_autoptr(GError) error = NULL;
    message_query_write_page(db, id, &page, &text, &error);
    g_assert_no_error(error);
}

static char *word_of(guint rank) {
    GString *word = g_string_new(NULL);
    bench_word(word, rank);
    return g_string_free(word, FALSE);
}

static char *line_make(guint number) {
    g_autofree char *common = word_of((guint)g_random_int_range(0, 20));
    g_autofree char *middle = word_of((guint)g_random_int_range(200, 2000));
    g_autofree char *rare = word_of((guint)g_random_int_range(20000, 65000));
    switch (number % 6) {
    case 0:
        return g_strdup(rare);
    case 1:
        return g_strdup(middle);
    case 2:
        return g_strdup_printf("%s %s", middle, common);
    case 3:
        return g_strdup_printf("%s is:open -%s", common, middle);
    case 4:
        return g_strdup_printf("\"%s %s\"", common, middle);
    default:
        return g_strdup_printf("from:\"customer %d\"", g_random_int_range(0, 200000));
    }
}

static void search_sample(const Bench *bench, Db *db, guint number) {
    g_autofree char *line = line_make(number);
    g_autoptr(GError) error = NULL;
    g_autoptr(SearchQuery) query = search_query_parse(line, &error);
    g_autoptr(SearchPage) page =
        search_find(db, query, 0, 0, bench->begin + bench->messages * 1000, NULL, 50, &error);
    g_assert_no_error(error);
}

static void memory_print(void) {
    g_autofree char *status = NULL;
    g_file_get_contents("/proc/self/status", &status, NULL, NULL);
    const char *line = strstr(status, "VmRSS:");
    printf("figure store_rss %.1f MiB\n", (double)strtol(line + 6, NULL, 10) / 1024);
}

int main(int argc, char **argv) {
    Bench bench = {.messages = argc > 1 ? strtol(argv[1], NULL, 10) : MESSAGES,
                   .a_conversation = A_CONVERSATION};
    g_assert_cmpint(bench.messages, >=, 1000);
    bench.begin = clock_now() - bench.messages * 1000;
    bench.fixture = desk_fixture_new();
    bench.channel_id = desk_fixture_add_channel(bench.fixture, "generic", "Bench", "", bench.begin);
    double seconds = bench_fill(&bench);
    printf("figure store_fill_rate %.0f messages/s\n", (double)bench.messages / seconds);
    long_ones = long_conversations(&bench);
    measure(&bench, "store_list", list_sample);
    measure(&bench, "store_open", open_sample);
    measure(&bench, "store_search", search_sample);
    memory_print();
    g_array_unref(long_ones);
    desk_fixture_free(bench.fixture);
    return 0;
}
