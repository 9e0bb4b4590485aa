// Out and in again without loss: the demo inbox as lines of JSON.
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "desk/demo.h"
#include "desk/exchange_import.h"
#include "desk/wait_verify.h"
#include "mime/parser_process.h"
#include "store/exchange_write.h"
#include "tests/store/scratch.h"

#define NOW ((Instant)1795183200000) // 2026-11-20T14:00:00Z

static char *export_to(Store *store, const Scratch *scratch, const char *name) {
    g_autoptr(GError) error = NULL;
    ExchangeFacts facts;
    char *path = scratch_path(scratch, name);
    g_assert_true(exchange_write_file(store, path, &facts, &error));
    g_assert_no_error(error);
    return path;
}

static Store *import_into(const Scratch *scratch, const char *name, const char *path) {
    g_autoptr(GError) error = NULL;
    ExchangeFacts facts;
    g_autofree char *directory = scratch_path(scratch, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    exchange_import(directory, fd, &facts, &error);
    g_assert_no_error(error);
    close(fd);
    Store *store = store_open(directory, TRUE, &error);
    g_assert_no_error(error);
    return store;
}

// A digest of what a query gives, in its order.
static char *digest(Store *store, const char *sql) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    Db *db = store_reader_take(store, &error);
    DbRows *rows = db_query(db, sql, DB_NO_VALUES, &error);
    while (db_rows_next(rows, &error))
        g_checksum_update(checksum, (const guchar *)db_rows_text(rows, 0), -1);
    g_assert_no_error(error);
    db_rows_free(rows);
    store_reader_give(store, db);
    return g_strdup(g_checksum_get_string(checksum));
}

static void assert_same(Store *one, Store *other) {
    static const char *const queries[] = {
        "SELECT id || state || kind || started_at || coalesce(ended_at, '') ||"
        " coalesce(elapsed_ms, '') || coalesce(business_ms, '') || coalesce(answered_by, '') ||"
        " last_event_id || message_count FROM wait ORDER BY id",
        "SELECT id || number || began_by || started_at || reopens || open_spans || open_ms"
        " FROM episode ORDER BY id",
        "SELECT conversation_id || last_event_id || episodes || replies FROM wait_lane"
        " ORDER BY conversation_id",
        "SELECT id || coalesce(waiting_since, '') FROM conversation ORDER BY id",
    };
    for (gsize at = 0; at < G_N_ELEMENTS(queries); at++) {
        g_autofree char *first = digest(one, queries[at]);
        g_autofree char *second = digest(other, queries[at]);
        g_assert_cmpstr(first, ==, second);
    }
}

static void assert_sound(Store *store) {
    g_autoptr(GError) error = NULL;
    VerifyReport *report = verify_store(store, &error);
    g_assert_no_error(error);
    g_assert_true(wait_verify(store, report, &error));
    for (guint at = 0; at < report->findings->len; at++)
        g_test_message("%s", ((const VerifyFinding *)report->findings->pdata[at])->meaning);
    g_assert_cmpuint(report->findings->len, ==, 0);
    verify_report_free(report);
}

static void assert_same_file(const char *one, const char *other) {
    g_autofree char *first = NULL, *second = NULL;
    gsize length = 0, other_length = 0;
    g_assert_true(g_file_get_contents(one, &first, &length, NULL));
    g_assert_true(g_file_get_contents(other, &second, &other_length, NULL));
    g_assert_cmpuint(length, ==, other_length);
    g_assert_cmpint(memcmp(first, second, length), ==, 0);
}

static void test_exported_imported_and_exported_again_it_is_the_same(void) {
    g_autoptr(GError) error = NULL;
    g_auto(Scratch) scratch = scratch_new();
    g_autofree char *directory = scratch_path(&scratch, "first");
    g_autoptr(Store) store = store_open(directory, TRUE, &error);
    DemoFigures figures;
    g_assert_true(demo_fill(store, NOW, &figures, &error));
    g_autofree char *path = export_to(store, &scratch, "one.jsonl");
    g_autoptr(Store) copy = import_into(&scratch, "second", path);
    g_autofree char *again = export_to(copy, &scratch, "two.jsonl");
    assert_same_file(path, again);
    assert_same(store, copy);
    assert_sound(copy);
    g_autofree char *active = digest(copy, "SELECT 'x' FROM channel WHERE state <> 'paused'");
    g_autofree char *none = digest(copy, "SELECT 'x' WHERE 1 = 0");
    g_assert_cmpstr(active, ==, none);
}

int main(int argc, char **argv) {
    if (parser_process_is_wanted(argc, argv))
        return parser_process_main();
    g_test_init(&argc, &argv, NULL);
    secret_init();
    g_test_add_func("/exchange/exported-imported-and-exported-again-it-is-the-same",
                    test_exported_imported_and_exported_again_it_is_the_same);
    return g_test_run();
}
