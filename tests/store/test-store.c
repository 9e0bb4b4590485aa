#include <sys/stat.h>

#include "base/error.h"
#include "store/db_open.h"
#include "store/migration.h"
#include "store/store.h"
#include "tests/store/scratch.h"

static Store *store_new(const Scratch *scratch) {
    g_autoptr(GError) error = NULL;
    Store *store = store_open(scratch->directory, TRUE, &error);
    g_assert_no_error(error);
    return store;
}

static void setting_put(Db *db, const char *name, GError **error) {
    db_run(db, "INSERT INTO setting VALUES ($1, '')", DB_VALUES(DB_TEXT(name)), error);
}

static gint64 settings_count(Store *store) {
    Db *reader = store_reader_take(store, NULL);
    gint64 count = -1;
    db_query_int(reader, "SELECT count(*) FROM setting WHERE value = ''", DB_NO_VALUES, &count,
                 NULL, NULL);
    store_reader_give(store, reader);
    return count;
}

static gboolean put_named(Db *db, gpointer data, GError **error) {
    g_autoptr(GError) failure = NULL;
    setting_put(db, data, &failure);
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean put_and_fail(Db *db, gpointer data, GError **error) {
    setting_put(db, data, NULL);
    error_set(error, ERROR_INVALID, "test", "as the test wishes");
    return FALSE;
}

typedef struct {
    int good;
    int bad;
    int notices;
} Tally;

static void answered(gpointer data, const GError *error) {
    Tally *tally = data;
    *(error == NULL ? &tally->good : &tally->bad) += 1;
}

static gboolean put_numbered(Db *db, gpointer data, GError **error) {
    const Tally *tally = data;
    g_autofree char *name = g_strdup_printf("%d of %p", tally->good, (const void *)tally);
    return put_named(db, name, error);
}

static void numbered_done(gpointer data, const GError *error) {
    g_assert_no_error(error);
    g_free(data);
}

static void noticed(gpointer data) {
    __atomic_add_fetch(&((Tally *)data)->notices, 1, __ATOMIC_RELEASE);
}

static void what_is_written_is_there_after_opening_again(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Store) store = store_new(&scratch);
    g_assert_true(writer_run(store_writer(store), put_named, (char[]){"a"}, NULL));
    g_clear_pointer(&store, store_close);
    store = store_open(scratch.directory, FALSE, NULL);
    g_assert_cmpint(settings_count(store), ==, 1);
}

static void failing_job_spoils_only_itself(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Store) store = store_new(&scratch);
    Tally tally = {0};
    writer_on_commit(store_writer(store), noticed, &tally);
    for (int i = 0; i < 20; i++) {
        Tally *own = g_new0(Tally, 1);
        own->good = i;
        writer_submit(store_writer(store), put_and_fail, answered, &tally);
        writer_submit(store_writer(store), put_numbered, numbered_done, own);
    }
    g_assert_true(writer_run(store_writer(store), put_named, (char[]){"last"}, NULL));
    g_assert_cmpint(tally.bad, ==, 20);
    while (__atomic_load_n(&tally.notices, __ATOMIC_ACQUIRE) == 0)
        g_usleep(1000); // it comes after the answers
    g_assert_cmpint(settings_count(store), ==, 21);
    writer_off_commit(store_writer(store), noticed, &tally);
}

static gboolean put_and_fail_softly(Db *db, gpointer data, GError **error) {
    (void)data;
    return put_and_fail(db, (char[]){"undone"}, error);
}

static void failing_light_job_spoils_only_itself(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Store) store = store_new(&scratch);
    Tally tally = {0};
    for (int i = 0; i < 20; i++) {
        Tally *own = g_new0(Tally, 1);
        own->good = i;
        if (i % 5 == 0)
            writer_submit_light(store_writer(store), put_and_fail_softly, answered, &tally);
        writer_submit_light(store_writer(store), put_numbered, numbered_done, own);
    }
    g_assert_true(writer_run(store_writer(store), put_named, (char[]){"last"}, NULL));
    g_assert_cmpint(tally.bad, ==, 4);
    g_assert_cmpint(tally.good, ==, 0);
    g_assert_cmpint(settings_count(store), ==, 21);
}

static void conflict_comes_back_to_the_caller(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Store) store = store_new(&scratch);
    g_assert_true(writer_run(store_writer(store), put_named, (char[]){"a"}, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_false(writer_run(store_writer(store), put_named, (char[]){"a"}, &error));
    g_assert_cmpint(error_kind(error), ==, ERROR_CONFLICT);
}

static gboolean lose_once(Db *db, gpointer data, GError **error) {
    int *runs = data;
    if ((*runs)++ == 0)
        db_run(db, "ROLLBACK", DB_NO_VALUES, NULL);
    return put_named(db, (char[]){"lost once"}, error);
}

static void batch_whose_transaction_was_lost_runs_again(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Store) store = store_new(&scratch);
    int runs = 0;
    g_assert_true(writer_run(store_writer(store), lose_once, &runs, NULL));
    g_assert_cmpint(runs, ==, 2);
    g_assert_cmpint(settings_count(store), ==, 1);
}

static gboolean lose_always(Db *db, gpointer data, GError **error) {
    db_run(db, "ROLLBACK", DB_NO_VALUES, NULL);
    return put_named(db, data, error);
}

static void batch_lost_twice_is_answered_unavailable(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Store) store = store_new(&scratch);
    g_autoptr(GError) error = NULL;
    g_assert_false(writer_run(store_writer(store), lose_always, (char[]){"a"}, &error));
    g_assert_cmpint(error_kind(error), ==, ERROR_UNAVAILABLE);
    g_assert_true(writer_run(store_writer(store), put_named, (char[]){"b"}, NULL));
    g_assert_cmpint(settings_count(store), ==, 1);
}

static void directory_belongs_to_one(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Store) store = store_new(&scratch);
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) second = store_open(scratch.directory, FALSE, &error);
    g_assert_null(second);
    g_assert_cmpstr(error_code(error), ==, "directory_in_use");
}

static void empty_directory_is_refused_unless_made(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = store_open(scratch.directory, FALSE, &error);
    g_assert_null(store);
    g_assert_cmpstr(error_code(error), ==, "directory_empty");
}

static void schema_alter(const Scratch *scratch, const char *sql) {
    g_autofree char *path = scratch_path(scratch, "dialogd.db");
    g_autoptr(Db) db = db_open(path, DB_WRITE, NULL);
    g_assert_true(db_run(db, sql, DB_NO_VALUES, NULL));
}

static void refused_with(const char *sql, const char *code) {
    g_auto(Scratch) scratch = scratch_new();
    store_close(store_new(&scratch));
    schema_alter(&scratch, sql);
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = store_open(scratch.directory, FALSE, &error);
    g_assert_null(store);
    g_assert_cmpstr(error_code(error), ==, code);
}

static void newer_schema_is_refused(void) {
    refused_with("INSERT INTO migration VALUES (999, 'later', '', 0)", "schema_newer");
}

static void changed_schema_is_refused(void) {
    refused_with("UPDATE migration SET sha256 = 'other' WHERE number = 1", "schema_changed");
}

static void key_is_readable_by_the_owner_only(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Store) store = store_new(&scratch);
    g_autofree char *path = scratch_path(&scratch, "key");
    struct stat facts;
    g_assert_cmpint(stat(path, &facts), ==, 0);
    g_assert_cmpint(facts.st_mode & 0777, ==, 0400);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/what_is_written_is_there_after_opening_again",
                    what_is_written_is_there_after_opening_again);
    g_test_add_func("/store/failing_job_spoils_only_itself", failing_job_spoils_only_itself);
    g_test_add_func("/store/failing_light_job_spoils_only_itself",
                    failing_light_job_spoils_only_itself);
    g_test_add_func("/store/conflict_comes_back_to_the_caller", conflict_comes_back_to_the_caller);
    g_test_add_func("/store/batch_whose_transaction_was_lost_runs_again",
                    batch_whose_transaction_was_lost_runs_again);
    g_test_add_func("/store/batch_lost_twice_is_answered_unavailable",
                    batch_lost_twice_is_answered_unavailable);
    g_test_add_func("/store/directory_belongs_to_one", directory_belongs_to_one);
    g_test_add_func("/store/empty_directory_is_refused_unless_made",
                    empty_directory_is_refused_unless_made);
    g_test_add_func("/store/newer_schema_is_refused", newer_schema_is_refused);
    g_test_add_func("/store/changed_schema_is_refused", changed_schema_is_refused);
    g_test_add_func("/store/key_is_readable_by_the_owner_only", key_is_readable_by_the_owner_only);
    return g_test_run();
}
