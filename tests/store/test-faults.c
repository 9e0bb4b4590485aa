// Every operation on the files of a scripted run fails once, and from then on for ever, as on a
// broken disk and as on a full one (reliability.md P3): nothing that was acknowledged is lost, the
// database is sound, and writing goes on when the cause has gone.
#include "tests/store/faults.h"

#include "base/error.h"
#include "store/db_open.h"
#include "store/store.h"
#include "tests/store/scratch.h"

#define TRANSACTIONS 40
#define STEP 5         // one operation in so many, unless TEST_ALL is set: then each
#define ROW_BYTES 3000 // several pages a transaction

typedef struct {
    Store *store;
    gboolean acknowledged[TRANSACTIONS];
} Run;

static gboolean row_add(Db *db, gpointer data, GError **error) {
    g_autofree char *name = g_strdup_printf("%d", *(const int *)data);
    g_autofree char *value = g_strnfill(ROW_BYTES, 'x');
    return db_run(db, "INSERT INTO setting (name, value) VALUES ($1, $2)",
                  DB_VALUES(DB_TEXT(name), DB_TEXT(value)), error);
}

static void script_run(Run *run) {
    for (int i = 0; i < TRANSACTIONS; i++) {
        g_autoptr(GError) error = NULL;
        run->acknowledged[i] = writer_run(store_writer(run->store), row_add, &i, &error);
        if (!run->acknowledged[i])
            g_assert_cmpint(error_kind(error), ==, ERROR_UNAVAILABLE);
    }
}

static gboolean is_stored(Store *store, int number) {
    g_autofree char *name = g_strdup_printf("%d", number);
    gint64 count = 0;
    Db *db = store_reader_take(store, NULL);
    g_assert_true(db_query_int(db, "SELECT count(*) FROM setting WHERE name = $1",
                               DB_VALUES(DB_TEXT(name)), &count, NULL, NULL));
    store_reader_give(store, db);
    return count == 1;
}

static void acknowledged_rows_stand(const Run *run) {
    for (int i = 0; i < TRANSACTIONS; i++)
        if (run->acknowledged[i])
            g_assert_true(is_stored(run->store, i));
}

static void database_is_sound(const Scratch *scratch) {
    g_autoptr(GError) error = NULL;
    g_autofree char *path = scratch_path(scratch, "dialogd.db");
    g_autoptr(Db) db = db_open(path, DB_WRITE, &error);
    g_assert_no_error(error);
    db_check(db, FALSE, &error);
    g_assert_no_error(error);
}

static void writing_goes_on(Run *run) {
    int number = TRANSACTIONS + 1000;
    g_autoptr(GError) error = NULL;
    writer_run(store_writer(run->store), row_add, &number, &error);
    g_assert_no_error(error);
}

static void template_copy(const char *template, const Scratch *scratch) {
    static const char *const names[] = {"dialogd.db", "key"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *from = g_build_filename(template, names[i], NULL);
        g_autofree char *to = scratch_path(scratch, names[i]);
        g_autofree char *bytes = NULL;
        gsize length;
        g_assert_true(g_file_get_contents(from, &bytes, &length, NULL));
        g_assert_true(g_file_set_contents_full(to, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE,
                                               0400 | (i == 0 ? 0200 : 0), NULL));
    }
}

static gboolean is_all_acknowledged(const Run *run) {
    for (int i = 0; i < TRANSACTIONS; i++)
        if (!run->acknowledged[i])
            return FALSE;
    return TRUE;
}

// Gives how many operations the script took.
static int faulty_run(const char *template, int fail_at, int code, int for_ever) {
    g_auto(Scratch) scratch = scratch_new();
    template_copy(template, &scratch);
    g_autoptr(GError) error = NULL;
    Run run = {.store = store_open(scratch.directory, FALSE, &error)};
    g_assert_no_error(error);
    faults_arm(fail_at, code, for_ever);
    script_run(&run);
    int operations = faults.count;
    faults_arm(0, 0, 0);
    if (fail_at == 0 || (for_ever && fail_at < TRANSACTIONS)) // it bites, and only it
        g_assert_cmpint(is_all_acknowledged(&run), ==, fail_at == 0);
    acknowledged_rows_stand(&run);
    writing_goes_on(&run);
    store_close(run.store);
    database_is_sound(&scratch);
    run.store = store_open(scratch.directory, FALSE, &error);
    g_assert_no_error(error);
    acknowledged_rows_stand(&run);
    store_close(run.store);
    return operations;
}

typedef struct {
    int code;
    int for_ever;
} Kind;

static void every_operation_fails(gconstpointer data) {
    const Kind *kind = data;
    g_auto(Scratch) template = scratch_new();
    store_close(store_open(template.directory, TRUE, NULL));
    int operations = faulty_run(template.directory, 0, kind->code, 0);
    g_test_message("%d operations", operations);
    g_assert_cmpint(operations, >, 2 * TRANSACTIONS);
    int step = g_getenv("TEST_ALL") != NULL ? 1 : STEP;
    for (int i = 1; i <= operations; i += step)
        faulty_run(template.directory, i, kind->code, kind->for_ever);
}

// Opening itself: refused with an error or done, never half done.
static void every_operation_of_opening_fails(void) {
    for (int fail_at = 1, done = 0; !done && fail_at < 4000; fail_at += 7) {
        g_auto(Scratch) scratch = scratch_new();
        faults_arm(fail_at, EIO, FALSE);
        g_autoptr(Store) store = store_open(scratch.directory, TRUE, NULL);
        done = store != NULL && faults.count < fail_at;
        faults_arm(0, 0, 0);
        g_clear_pointer(&store, store_close);
        g_autoptr(GError) error = NULL;
        store = store_open(scratch.directory, TRUE, &error);
        g_assert_no_error(error);
        Run run = {.store = store};
        writing_goes_on(&run);
    }
}

int main(int argc, char **argv) {
    static const Kind kinds[] = {{EIO, FALSE}, {EIO, TRUE}, {ENOSPC, FALSE}, {ENOSPC, TRUE}};
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/faults/broken_once", &kinds[0], every_operation_fails);
    g_test_add_data_func("/faults/broken_for_ever", &kinds[1], every_operation_fails);
    g_test_add_data_func("/faults/full_once", &kinds[2], every_operation_fails);
    g_test_add_data_func("/faults/full_for_ever", &kinds[3], every_operation_fails);
    g_test_add_func("/faults/opening", every_operation_of_opening_fails);
    return g_test_run();
}
