#include <string.h>

#include "base/error.h"
#include "store/db_open.h"
#include "tests/store/scratch.h"

static Db *database_new(const Scratch *scratch) {
    g_autofree char *path = scratch_path(scratch, "test.db");
    g_autoptr(GError) error = NULL;
    Db *db = db_open(path, DB_CREATE, &error);
    g_assert_no_error(error);
    db_script(db,
              "CREATE TABLE parent (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE);\n"
              "-- a comment; with a semicolon\n"
              "CREATE TABLE child (\n    parent_id BIGINT NOT NULL REFERENCES parent (id),\n"
              "    number BIGINT NOT NULL,\n    bytes BYTEA,\n"
              "    PRIMARY KEY (parent_id, number)\n);\n",
              &error);
    g_assert_no_error(error);
    return db;
}

static void parent_add(Db *db, gint64 id, const char *name) {
    g_autoptr(GError) error = NULL;
    db_run(db, "INSERT INTO parent (name, id) VALUES ($2, $1)",
           DB_VALUES(DB_INT(id), DB_TEXT(name)), &error);
    g_assert_no_error(error);
}

static gint64 count_of(Db *db, const char *table) {
    g_autofree char *sql = g_strconcat("SELECT count(*) FROM ", table, NULL);
    gint64 count = -1;
    g_assert_true(db_query_int(db, sql, DB_NO_VALUES, &count, NULL, NULL));
    return count;
}

static void values_are_bound_by_number(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Db) db = database_new(&scratch);
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT $2, $1, $2, $3", DB_VALUES(DB_INT(1), DB_TEXT("two"), DB_NULL), NULL);
    g_assert_true(db_rows_next(rows, NULL));
    g_assert_cmpstr(db_rows_text(rows, 0), ==, "two");
    g_assert_cmpint(db_rows_int(rows, 1), ==, 1);
    g_assert_cmpstr(db_rows_text(rows, 2), ==, "two");
    g_assert_true(db_rows_is_null(rows, 3));
    g_assert_cmpint(db_rows_instant(rows, 3), ==, INSTANT_NONE);
    g_assert_false(db_rows_next(rows, NULL));
}

static void bytes_come_back_as_they_were(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Db) db = database_new(&scratch);
    g_autoptr(GBytes) bytes = g_bytes_new_static("a\0b\xff", 4);
    g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT $1, $2", DB_VALUES(DB_BYTES(bytes), DB_BYTES(empty)), NULL);
    g_assert_true(db_rows_next(rows, NULL));
    g_autoptr(GBytes) back = db_rows_bytes(rows, 0);
    g_assert_true(g_bytes_equal(bytes, back));
    g_autoptr(GBytes) none = db_rows_bytes(rows, 1);
    g_assert_cmpuint(g_bytes_get_size(none), ==, 0);
}

static void statement_in_use_can_be_begun_again(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Db) db = database_new(&scratch);
    parent_add(db, 1, "one");
    parent_add(db, 2, "two");
    const char *sql = "SELECT id FROM parent ORDER BY id";
    int seen = 0;
    g_autoptr(DbRows) outer = db_query(db, sql, DB_NO_VALUES, NULL);
    while (db_rows_next(outer, NULL)) {
        g_autoptr(DbRows) inner = db_query(db, sql, DB_NO_VALUES, NULL);
        while (db_rows_next(inner, NULL))
            seen++;
    }
    g_assert_cmpint(seen, ==, 4);
}

static void more_statements_than_are_kept_still_run(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Db) db = database_new(&scratch);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 500; i++) {
            g_autofree char *sql = g_strdup_printf("SELECT %d + $1", i);
            gint64 value = 0;
            g_assert_true(db_query_int(db, sql, DB_VALUES(DB_INT(1)), &value, NULL, NULL));
            g_assert_cmpint(value, ==, i + 1);
        }
}

static void broken_constraints_are_conflicts(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Db) db = database_new(&scratch);
    parent_add(db, 1, "one");
    static const char *const sql[] = {"INSERT INTO parent VALUES (2, 'one')",
                                      "INSERT INTO parent VALUES (1, 'two')",
                                      "INSERT INTO child VALUES (7, 1, NULL)"};
    for (gsize i = 0; i < G_N_ELEMENTS(sql); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(db_run(db, sql[i], DB_NO_VALUES, &error));
        g_assert_cmpint(error_kind(error), ==, ERROR_CONFLICT);
    }
    g_autoptr(GError) error = NULL;
    g_assert_false(db_run(db, "no SQL", DB_NO_VALUES, &error));
    g_assert_cmpint(error_kind(error), ==, ERROR_INTERNAL);
}

static void savepoints_nest_and_undo_only_what_is_within(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Db) db = database_new(&scratch);
    g_assert_true(db_begin(db, NULL));
    g_assert_true(db_savepoint(db, NULL));
    parent_add(db, 1, "kept");
    g_assert_true(db_savepoint(db, NULL));
    parent_add(db, 2, "undone");
    db_savepoint_undo(db);
    g_assert_true(db_savepoint_release(db, NULL));
    g_assert_true(db_commit(db, NULL));
    g_assert_cmpint(count_of(db, "parent"), ==, 1);
}

static void nothing_runs_once_the_transaction_is_lost(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Db) db = database_new(&scratch);
    g_assert_true(db_begin(db, NULL));
    parent_add(db, 1, "one");
    g_assert_true(db_run(db, "ROLLBACK", DB_NO_VALUES, NULL)); // as a full disk would
    g_autoptr(GError) error = NULL;
    g_assert_false(db_run(db, "INSERT INTO parent VALUES (2, 'two')", DB_NO_VALUES, &error));
    g_assert_cmpstr(error_code(error), ==, "transaction_lost");
    db_rollback(db);
    g_assert_cmpint(count_of(db, "parent"), ==, 0);
}

static void readers_see_one_snapshot_and_cannot_write(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Db) db = database_new(&scratch);
    g_autofree char *path = scratch_path(&scratch, "test.db");
    g_autoptr(Db) reader = db_open(path, DB_READ, NULL);
    g_assert_true(db_snapshot_begin(reader, NULL));
    parent_add(db, 1, "one");
    g_assert_cmpint(count_of(reader, "parent"), ==, 0);
    db_snapshot_end(reader);
    g_assert_cmpint(count_of(reader, "parent"), ==, 1);
    g_assert_false(db_run(reader, "DELETE FROM parent", DB_NO_VALUES, NULL));
}

static gint64 schema_count(Db *db, const char *like) {
    gint64 count = 0;
    db_query_int(db, "SELECT count(*) FROM sqlite_schema WHERE sql LIKE $1",
                 DB_VALUES(DB_TEXT(like)), &count, NULL, NULL);
    return count;
}

static void keys_are_the_tables_own(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Db) db = database_new(&scratch);
    g_assert_cmpint(schema_count(db, "%INTEGER PRIMARY KEY%"), ==, 1);
    g_assert_cmpint(schema_count(db, "%) WITHOUT ROWID"), ==, 1);
}

static void copy_is_consistent_and_checked(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Db) db = database_new(&scratch);
    parent_add(db, 1, "one");
    g_autofree char *path = scratch_path(&scratch, "copy.db");
    g_assert_true(db_copy(db, path, NULL));
    g_autoptr(Db) copy = db_open(path, DB_WRITE, NULL);
    g_assert_true(db_check(copy, FALSE, NULL));
    g_assert_cmpint(count_of(copy, "parent"), ==, 1);
}

static void checkpoint_empties_the_log(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autoptr(Db) db = database_new(&scratch);
    g_autofree char *path = scratch_path(&scratch, "test.db");
    g_autoptr(Db) other = db_open(path, DB_WRITE, NULL);
    gint64 left = -1;
    parent_add(db, 1, "one");
    g_assert_true(db_checkpoint(other, TRUE, &left, NULL));
    g_assert_cmpint(left, ==, 0);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/db/values_are_bound_by_number", values_are_bound_by_number);
    g_test_add_func("/db/bytes_come_back_as_they_were", bytes_come_back_as_they_were);
    g_test_add_func("/db/statement_in_use_can_be_begun_again", statement_in_use_can_be_begun_again);
    g_test_add_func("/db/more_statements_than_are_kept_still_run",
                    more_statements_than_are_kept_still_run);
    g_test_add_func("/db/broken_constraints_are_conflicts", broken_constraints_are_conflicts);
    g_test_add_func("/db/savepoints_nest_and_undo_only_what_is_within",
                    savepoints_nest_and_undo_only_what_is_within);
    g_test_add_func("/db/nothing_runs_once_the_transaction_is_lost",
                    nothing_runs_once_the_transaction_is_lost);
    g_test_add_func("/db/readers_see_one_snapshot_and_cannot_write",
                    readers_see_one_snapshot_and_cannot_write);
    g_test_add_func("/db/keys_are_the_tables_own", keys_are_the_tables_own);
    g_test_add_func("/db/copy_is_consistent_and_checked", copy_is_consistent_and_checked);
    g_test_add_func("/db/checkpoint_empties_the_log", checkpoint_empties_the_log);
    return g_test_run();
}
