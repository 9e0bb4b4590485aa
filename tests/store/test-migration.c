// Migrations are all or nothing (reliability.md P8): killed at any moment, the database has the old
// schema or the new one, whole. Started with a path this program migrates that database, to be
// killed.
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "store/migration.h"
#include "tests/store/scratch.h"

#define KILLS 60
#define KILLS_ALL 1000

#define TEXT(sql) (const unsigned char *)(sql), sizeof(sql) - 1

static const char first[] = "CREATE TABLE one (id BIGINT PRIMARY KEY, text TEXT NOT NULL);\n"
                            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                            " WHERE i < 3000) INSERT INTO one SELECT i, 'text' FROM n;\n";
static const char second[] = "CREATE TABLE two (id BIGINT PRIMARY KEY, text TEXT NOT NULL);\n"
                             "INSERT INTO two SELECT id, text || ' of one' FROM one;\n"
                             "CREATE INDEX two_text ON two (text, id);\n"
                             "DROP TABLE one;\n";
static const char broken[] = "CREATE TABLE three (id BIGINT PRIMARY KEY);\nno SQL;\n";

static const Migration old_list[] = {{1, "0001_first", TEXT(first)}, {0, NULL, NULL, 0}};
static const Migration new_list[] = {
    {1, "0001_first", TEXT(first)}, {2, "0002_second", TEXT(second)}, {0, NULL, NULL, 0}};
static const Migration broken_list[] = {
    {1, "0001_first", TEXT(first)}, {2, "0002_broken", TEXT(broken)}, {0, NULL, NULL, 0}};

static gboolean migrate(const char *path, const Migration *list, GError **error) {
    g_autoptr(Db) db = db_open(path, DB_CREATE, error);
    return db != NULL && migration_apply(db, list, path, error);
}

static gint64 table_count(Db *db, const char *name) {
    gint64 count = -1;
    g_assert_true(db_query_int(db, "SELECT count(*) FROM sqlite_schema WHERE name = $1",
                               DB_VALUES(DB_TEXT(name)), &count, NULL, NULL));
    return count;
}

// The number of the schema, after a look whether it is whole.
static int schema_of(const char *path) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Db) db = db_open(path, DB_WRITE, &error);
    g_assert_no_error(error);
    g_assert_true(db_check(db, FALSE, NULL));
    int number = -1;
    g_assert_true(migration_number(db, &number, NULL));
    g_assert_cmpint(table_count(db, "one"), ==, number == 1);
    g_assert_cmpint(table_count(db, "two"), ==, number == 2);
    g_assert_cmpint(table_count(db, "two_text"), ==, number == 2);
    return number;
}

static void killed_after(const char *program, const char *path, gulong microseconds) {
    pid_t child = fork();
    if (child == 0) {
        execl(program, program, path, (char *)NULL);
        _exit(1);
    }
    g_usleep(microseconds);
    kill(child, SIGKILL);
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
}

static void killed_migration_is_all_or_nothing(gconstpointer program) {
    int kills = g_getenv("TEST_ALL") != NULL ? KILLS_ALL : KILLS;
    int found[3] = {0};
    for (int i = 0; i < kills; i++) {
        g_auto(Scratch) scratch = scratch_new();
        g_autofree char *path = scratch_path(&scratch, "test.db");
        g_assert_true(migrate(path, old_list, NULL));
        killed_after(program, path, (gulong)g_test_rand_int_range(1000, 150000));
        found[schema_of(path)]++;
        g_assert_true(migrate(path, new_list, NULL)); // what was interrupted can be done again
        g_assert_cmpint(schema_of(path), ==, 2);
    }
    g_test_message("%d old, %d new, 0 mixed", found[1], found[2]);
    g_assert_cmpint(found[1] + found[2], ==, kills);
}

static void broken_migration_changes_nothing(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autofree char *path = scratch_path(&scratch, "test.db");
    g_assert_true(migrate(path, old_list, NULL));
    g_assert_false(migrate(path, broken_list, NULL));
    g_assert_cmpint(schema_of(path), ==, 1);
}

static void copy_is_made_first(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autofree char *path = scratch_path(&scratch, "test.db");
    g_autofree char *copy = scratch_path(&scratch, "test.db.before-2");
    g_assert_true(migrate(path, old_list, NULL));
    g_assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
    g_assert_true(migrate(path, new_list, NULL));
    g_assert_cmpint(schema_of(path), ==, 2);
    g_assert_cmpint(schema_of(copy), ==, 1);
}

static void older_program_refuses_the_newer_schema(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autofree char *path = scratch_path(&scratch, "test.db");
    g_assert_true(migrate(path, new_list, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_false(migrate(path, old_list, &error));
    g_assert_cmpstr(error_code(error), ==, "schema_newer");
}

int main(int argc, char **argv) {
    if (argc == 2 && argv[1][0] == '/')
        return migrate(argv[1], new_list, NULL) ? EXIT_SUCCESS : EXIT_FAILURE;
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/migration/killed_migration_is_all_or_nothing", argv[0],
                         killed_migration_is_all_or_nothing);
    g_test_add_func("/migration/broken_migration_changes_nothing",
                    broken_migration_changes_nothing);
    g_test_add_func("/migration/copy_is_made_first", copy_is_made_first);
    g_test_add_func("/migration/older_program_refuses_the_newer_schema",
                    older_program_refuses_the_newer_schema);
    return g_test_run();
}
