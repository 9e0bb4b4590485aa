// The table of the full export against the schema, and files that are no whole export.
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "store/blob.h"
#include "store/exchange_load.h"
#include "store/exchange_table.h"
#include "tests/store/fixture.h"

static const ExchangeTable *find_row(const char *name) {
    for (const ExchangeTable *row = exchange_tables; row->name != NULL; row++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

static gboolean names_word(const char *words, const char *word) {
    g_auto(GStrv) list = g_strsplit(words, " ", -1);
    return g_strv_contains((const char *const *)list, word);
}

static gboolean fits(ExchangeKind kind, const char *declared) {
    gboolean is_number = strcmp(declared, "BIGINT") == 0 || strcmp(declared, "SMALLINT") == 0 ||
                         strcmp(declared, "INTEGER") == 0;
    switch (kind) {
    case EXCHANGE_TEXT:
        return strcmp(declared, "TEXT") == 0;
    case EXCHANGE_INT:
    case EXCHANGE_ID:
    case EXCHANGE_INSTANT:
        return is_number;
    case EXCHANGE_HEX:
    case EXCHANGE_BASE64:
    case EXCHANGE_BLOB:
        return strcmp(declared, "BYTEA") == 0;
    }
    return FALSE;
}

// What is wrong with how a column stands in the table's row; NULL when nothing is.
static const char *problem_of(const ExchangeTable *row, const GArray *columns, const char *name,
                              const char *declared) {
    gboolean is_left_out = names_word(row->left_out, name);
    for (guint at = 0; at < columns->len; at++) {
        const ExchangeColumn *column = &g_array_index(columns, ExchangeColumn, at);
        if (strcmp(column->name, name) != 0)
            continue;
        if (is_left_out)
            return "is both exported and left out";
        return fits(column->kind, declared) ? NULL : "needs another kind (name:kind)";
    }
    return is_left_out ? NULL : "is neither exported nor left out";
}

static guint check_columns(Db *db, const ExchangeTable *row) {
    g_autoptr(GError) error = NULL;
    g_autofree char *sql = g_strdup_printf("PRAGMA table_info(%s)", row->name);
    g_autoptr(GArray) columns = exchange_columns(row);
    g_autoptr(DbRows) rows = db_query(db, sql, DB_NO_VALUES, &error);
    guint found = 0, problems = 0;
    while (db_rows_next(rows, &error)) {
        const char *name = db_rows_text(rows, 1);
        const char *problem = problem_of(row, columns, name, db_rows_text(rows, 2));
        found += !names_word(row->left_out, name);
        problems += problem != NULL;
        if (problem != NULL)
            g_test_message("%s.%s %s: mend its row in src/store/exchange_table.c", row->name, name,
                           problem);
    }
    g_assert_no_error(error);
    if (problems == 0 && found != columns->len)
        g_test_message("%s has not all the columns of its row", row->name);
    return problems + (found != columns->len);
}

static gboolean is_of_the_index(const char *name) {
    return g_str_has_prefix(name, "search_") && strcmp(name, "search_entry") != 0;
}

static void each_table_is_exported_or_says_why_not(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    guint problems = 0;
    Db *db = store_reader_take(fixture->store, &error);
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT name FROM sqlite_schema WHERE type = 'table' AND"
                                      " name NOT LIKE 'sqlite_%' ORDER BY name",
                                      DB_NO_VALUES, &error);
    while (db_rows_next(rows, &error)) {
        const char *name = db_rows_text(rows, 0);
        const ExchangeTable *row = find_row(name);
        if (row == NULL && !is_of_the_index(name)) {
            problems++;
            g_test_message("%s needs a row in src/store/exchange_table.c", name);
        }
        if (row != NULL && row->columns != NULL)
            problems += check_columns(db, row);
        if (row != NULL && (row->columns == NULL || *row->left_out != '\0') && row->because == NULL)
            g_error("%s does not say why it is left out", name);
    }
    g_assert_no_error(error);
    g_clear_pointer(&rows, db_rows_free);
    store_reader_give(fixture->store, db);
    g_assert_cmpuint(problems, ==, 0);
}

static gboolean nothing_more(Db *db, GError **error) {
    (void)db;
    (void)error;
    return TRUE;
}

// Loads text into a directory of its own; gives why it failed, NULL when it did not.
static char *load(Fixture *fixture, const char *text, gsize length) {
    static guint number;
    g_autoptr(GError) error = NULL;
    ExchangeFacts facts;
    g_autofree char *name = g_strdup_printf("loaded-%u", number++);
    g_autofree char *directory = scratch_path(&fixture->scratch, name);
    g_autofree char *file = scratch_path(&fixture->scratch, "export.jsonl");
    g_assert_true(g_file_set_contents(file, text, (gssize)length, NULL));
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    gboolean loaded = exchange_load(directory, fd, nothing_more, &facts, &error);
    close(fd);
    g_autofree char *database = g_build_filename(directory, "dialogd.db", NULL);
    g_assert_cmpint(g_file_test(database, G_FILE_TEST_EXISTS), ==, loaded);
    return loaded ? NULL : g_strdup(error->message);
}

static gboolean add_blob(Db *db, gpointer data, GError **error) {
    return blob_add(db, data, error);
}

static char *export_text(Fixture *fixture, gsize *length) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static("\0\xff bytes of a blob", 18);
    g_autoptr(Blob) blob = blob_prepare(fixture->store, bytes, &error);
    g_assert_true(writer_run(store_writer(fixture->store), add_blob, blob, &error));
    fixture_conversation_add(fixture, 5, 1, -62135596800001); // before the year 1
    fixture_message_add(fixture, 6, 5, 1795183200123);
    fixture_run(fixture, "UPDATE message SET subject = $1, raw_sha256 = $2, text = $3 WHERE id = 6",
                DB_VALUES(DB_TEXT("\"quoted\"\\ \x01 \xf0\x9f\x98\x80"), DB_SPAN("\x01\xff", 2),
                          DB_TEXT("line\nline\r\n\t\xe2\x80\xa8")));
    g_autofree char *path = scratch_path(&fixture->scratch, "whole.jsonl");
    ExchangeFacts facts;
    g_assert_true(exchange_write_file(fixture->store, path, &facts, &error));
    g_assert_no_error(error);
    char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, length, NULL));
    g_assert_cmpint(facts.bytes, ==, (gint64)*length);
    return text;
}

static void half_a_file_is_refused_and_leaves_nothing(Fixture *fixture, gconstpointer data) {
    (void)data;
    gsize length;
    g_autofree char *text = export_text(fixture, &length);
    g_assert_null(load(fixture, text, length));
    g_assert_null(load(fixture, text, length - 1)); // only the last line end
    for (gsize cut = 0; cut < length - 1; cut += 1 + length / 60) {
        g_autofree char *why = load(fixture, text, cut);
        g_assert_nonnull(why);
    }
}

static void what_is_wrong_is_named_with_its_line(Fixture *fixture, gconstpointer data) {
    (void)data;
    gsize length;
    g_autofree char *text = export_text(fixture, &length);
    const struct {
        const char *from, *to, *why;
    } cases[] = {
        {"\"record\":\"customer\"", "\"record\":\"costumer\"", "there is no record"},
        {"\"record\":\"customer\"", "\"record\":\"customer\",\"x\":1",
         "a member that lines of record"},
        {"\"channel_id\":\"1\"", "\"channel_id\":\"7\"", "names a row of channel"},
        {"\"channel_id\":\"1\"", "\"channel_id\":1", "\"channel_id\" is not written"},
        {"\"version\":1,\"schema\"", "\"version\":2,\"schema\"", "this is no dialogd export"},
        {"\"schema\":", "\"schema\":9", "the export has schema 9"},
        {"\"occurred_at\":\"2026", "\"occurred_at\":\"x", "\"occurred_at\" is not written"},
        {"\"record\":\"end\",\"lines\":", "\"record\":\"end\",\"lines\":1", "lines are missing"},
        {"{\"record\":\"channel\"", "{{\"record\":\"channel\"", "no JSON"},
        {"\"bytes\":\"", "\"bytes\":\"AAAA", "the bytes are not those"},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        GString *changed = g_string_new(text);
        g_assert_cmpuint(g_string_replace(changed, cases[at].from, cases[at].to, 1), ==, 1);
        g_autofree char *why = load(fixture, changed->str, changed->len);
        g_assert_nonnull(why);
        if (strstr(why, cases[at].why) == NULL)
            g_error("%s is told as: %s", cases[at].to, why);
        g_string_free(changed, TRUE);
    }
}

static void nothing_is_imported_over_a_database(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    ExchangeFacts facts;
    g_assert_false(exchange_load(fixture->scratch.directory, -1, nothing_more, &facts, &error));
    g_assert_cmpstr(error_code(error), ==, "directory_in_use");
}

#define TEST(name, run)                                                                            \
    g_test_add("/exchange/" name, Fixture, NULL, fixture_set_up, run, fixture_tear_down)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    TEST("each-table-is-exported-or-says-why-not", each_table_is_exported_or_says_why_not);
    TEST("half-a-file-is-refused-and-leaves-nothing", half_a_file_is_refused_and_leaves_nothing);
    TEST("what-is-wrong-is-named-with-its-line", what_is_wrong_is_named_with_its_line);
    TEST("nothing-is-imported-over-a-database", nothing_is_imported_over_a_database);
    return g_test_run();
}
