// The demo inbox: made by the ordinary ways, whole, and always the same.
#include "base/secret.h"
#include "desk/demo.h"
#include "mime/parser_process.h"
#include "store/verify.h"
#include "tests/store/scratch.h"

#define NOW ((Instant)1795183200000) // 2026-11-20T14:00:00Z

static gint64 count(Store *store, const char *sql) {
    g_autoptr(GError) error = NULL;
    Db *db = store_reader_take(store, &error);
    gint64 value = 0;
    gboolean found = FALSE;
    db_query_int(db, sql, DB_NO_VALUES, &value, &found, &error);
    g_assert_no_error(error);
    store_reader_give(store, db);
    return value;
}

// What a reader sees of all messages, without ids.
static char *digest(Store *store) {
    g_autoptr(GError) error = NULL;
    Db *db = store_reader_take(store, &error);
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    DbRows *rows = db_query(db,
                            "SELECT subject || direction || class || COALESCE(new_text, text) || "
                            "occurred_at FROM message ORDER BY occurred_at, direction, subject",
                            DB_NO_VALUES, &error);
    while (db_rows_next(rows, &error)) {
        g_checksum_update(checksum, (const guchar *)db_rows_text(rows, 0), -1);
    }
    g_assert_no_error(error);
    db_rows_free(rows);
    store_reader_give(store, db);
    return g_strdup(g_checksum_get_string(checksum));
}

static void assert_sound(Store *store) {
    g_autoptr(GError) error = NULL;
    VerifyReport *report = verify_store(store, &error);
    g_assert_no_error(error);
    for (guint at = 0; at < report->findings->len; at++)
        g_test_message("%s", ((const VerifyFinding *)report->findings->pdata[at])->meaning);
    g_assert_cmpuint(report->findings->len, ==, 0);
    verify_report_free(report);
}

static char *fill_and_look(void) {
    g_autoptr(GError) error = NULL;
    Scratch scratch = scratch_new();
    Store *store = store_open(scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    DemoFigures figures;
    demo_fill(store, NOW, &figures, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(figures.conversations, ==, 200);
    g_assert_cmpint(count(store, "SELECT COUNT(*) FROM conversation"), >=, 195);
    g_assert_cmpint(count(store, "SELECT COUNT(*) FROM message WHERE direction = 'in'"), ==,
                    figures.received);
    g_assert_cmpint(count(store, "SELECT COUNT(*) FROM wait WHERE state = 'open'"), >, 15);
    g_assert_cmpint(count(store, "SELECT COUNT(*) FROM attachment"), >, 10);
    // All were sent; some came back.
    g_assert_cmpint(count(store, "SELECT COUNT(*) FROM outbox WHERE state = 'refused'"), >, 0);
    g_assert_cmpint(
        count(store, "SELECT COUNT(*) FROM outbox WHERE state NOT IN ('accepted', 'refused')"), ==,
        0);
    g_assert_cmpint(count(store, "SELECT MAX(occurred_at) FROM message"), <=, NOW);
    assert_sound(store);
    char *seen = digest(store);
    g_assert_false(demo_fill(store, NOW, &figures, &error)); // not into a store that is in use
    g_assert_nonnull(error);
    store_close(store);
    scratch_clear(&scratch);
    return seen;
}

static void test_the_demo_is_whole_and_always_the_same(void) {
    g_autofree char *first = fill_and_look();
    g_autofree char *second = fill_and_look();
    g_assert_cmpstr(first, ==, second);
}

int main(int argc, char **argv) {
    if (parser_process_is_wanted(argc, argv)) {
        return parser_process_main();
    }
    g_test_init(&argc, &argv, NULL);
    secret_init();
    g_test_add_func("/demo/the-demo-is-whole-and-always-the-same",
                    test_the_demo_is_whole_and_always_the_same);
    return g_test_run();
}
