#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "store/backup.h"
#include "store/blob.h"
#include "store/verify.h"
#include "tests/store/fixture.h"

static gboolean blob_put(Db *db, gpointer blob, GError **error) {
    return blob_add(db, blob, error);
}

static void blob_store(Fixture *fixture, gsize length, guint8 seed) {
    guint8 *data = g_malloc(length);
    guint32 state = seed + 1U;
    for (gsize i = 0; i < length; i++)
        data[i] = (guint8)((state = state * 1664525U + 1013904223U) >> 24);
    g_autoptr(GBytes) bytes = g_bytes_new_take(data, length);
    g_autoptr(GError) error = NULL;
    g_autoptr(Blob) blob = blob_prepare(fixture->store, bytes, &error);
    g_assert_no_error(error);
    g_assert_true(writer_run(store_writer(fixture->store), blob_put, blob, &error));
}

static char *archive_write_to(Fixture *fixture, BackupFacts *facts) {
    g_autoptr(GError) error = NULL;
    char *path = scratch_path(&fixture->scratch, "backup.tar");
    backup_write(fixture->store, path, facts, &error);
    g_assert_no_error(error);
    return path;
}

static Store *restored(Fixture *fixture, const char *archive, BackupFacts *facts) {
    g_autoptr(GError) error = NULL;
    g_autofree char *directory = scratch_path(&fixture->scratch, "restored");
    g_assert_true(backup_restore(archive, directory, facts, &error));
    g_assert_no_error(error);
    g_autofree char *key = scratch_path(&fixture->scratch, "key");
    g_autofree char *its_key = g_build_filename(directory, "key", NULL);
    g_autofree char *bytes = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(key, &bytes, &length, NULL));
    g_assert_true(g_file_set_contents_full(its_key, bytes, (gssize)length,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0400, NULL));
    Store *store = store_open(directory, FALSE, &error);
    g_assert_no_error(error);
    return store;
}

static void sound(Store *store, gint64 blobs) {
    g_autoptr(GError) error = NULL;
    g_autoptr(VerifyReport) report = verify_store(store, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < report->findings->len; i++) {
        const VerifyFinding *finding = report->findings->pdata[i];
        g_test_message("%s: %s", finding->check, finding->meaning);
    }
    g_assert_cmpuint(report->findings->len, ==, 0);
    g_assert_cmpint(report->blobs, ==, blobs);
}

static gint64 count_of(Store *store, const char *sql) {
    gint64 count = -1;
    Db *db = store_reader_take(store, NULL);
    g_assert_true(db_query_int(db, sql, DB_NO_VALUES, &count, NULL, NULL));
    store_reader_give(store, db);
    return count;
}

static void everything_comes_back(Fixture *fixture, gconstpointer data) {
    (void)data;
    blob_store(fixture, 1000, 1);
    blob_store(fixture, 500000, 2);
    blob_store(fixture, 700001, 3);
    BackupFacts facts;
    g_autofree char *archive = archive_write_to(fixture, &facts);
    g_assert_cmpint(facts.blobs, ==, 2);
    g_assert_cmpint(facts.blob_bytes, ==, 1200001);
    BackupFacts back;
    g_autoptr(Store) store = restored(fixture, archive, &back);
    g_assert_cmpint(back.schema, ==, facts.schema);
    g_assert_cmpint(back.taken_at, ==, facts.taken_at);
    g_assert_cmpint(count_of(store, "SELECT count(*) FROM channel"), ==, 1);
    sound(store, 3);
}

static void archive_is_for_the_owner_only(Fixture *fixture, gconstpointer data) {
    (void)data;
    BackupFacts facts;
    g_autofree char *archive = archive_write_to(fixture, &facts);
    struct stat status;
    g_assert_cmpint(stat(archive, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
}

typedef struct {
    Fixture *fixture;
    int stop; // atomic
} Load;

// Two rows in one job: a copy that has one without the other is not consistent.
static gboolean pair_add(Db *db, gpointer data, GError **error) {
    g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT, id_next());
    g_autofree char *other = g_strconcat("pair of ", name, NULL);
    (void)data;
    return db_run(db, "INSERT INTO tag (id, name) VALUES ($1, $2)",
                  DB_VALUES(DB_INT(id_next()), DB_TEXT(name)), error) &&
           db_run(db, "INSERT INTO tag (id, name) VALUES ($1, $2)",
                  DB_VALUES(DB_INT(id_next()), DB_TEXT(other)), error);
}

static gpointer load_run(gpointer data) {
    Load *load = data;
    for (guint8 seed = 0; !__atomic_load_n(&load->stop, __ATOMIC_ACQUIRE); seed++) {
        for (int i = 0; i < 20; i++)
            g_assert_true(writer_run(store_writer(load->fixture->store), pair_add, NULL, NULL));
        blob_store(load->fixture, 150000U + seed, seed);
    }
    return NULL;
}

static void backup_under_load_is_consistent(Fixture *fixture, gconstpointer data) {
    (void)data;
    Load load = {.fixture = fixture};
    GThread *thread = g_thread_new("load", load_run, &load);
    for (int i = 0; i < 3; i++) {
        g_usleep(100000);
        BackupFacts facts;
        g_autofree char *archive = archive_write_to(fixture, &facts);
        g_autoptr(Store) store = restored(fixture, archive, &facts);
        gint64 tags = count_of(store, "SELECT count(*) FROM tag");
        g_assert_cmpint(tags, >, 0);
        g_assert_cmpint(count_of(store, "SELECT count(*) FROM tag WHERE name LIKE 'pair of %'"), ==,
                        tags / 2);
        sound(store, count_of(store, "SELECT count(*) FROM blob"));
        g_clear_pointer(&store, store_close);
        g_autofree char *directory = scratch_path(&fixture->scratch, "restored");
        nftw(directory, scratch_entry_remove, 16, FTW_DEPTH | FTW_PHYS);
    }
    __atomic_store_n(&load.stop, 1, __ATOMIC_RELEASE);
    g_thread_join(thread);
}

static void refused(Fixture *fixture, const char *archive, const char *code) {
    g_autofree char *directory = scratch_path(&fixture->scratch, "refused");
    g_autofree char *database = g_build_filename(directory, "dialogd.db", NULL);
    g_autoptr(GError) error = NULL;
    BackupFacts facts;
    g_assert_false(backup_restore(archive, directory, &facts, &error));
    g_assert_cmpstr(error_code(error), ==, code);
    g_assert_false(g_file_test(database, G_FILE_TEST_EXISTS));
}

static void damaged_archives_are_refused(Fixture *fixture, gconstpointer data) {
    (void)data;
    blob_store(fixture, 300000, 1);
    BackupFacts facts;
    g_autofree char *archive = archive_write_to(fixture, &facts);
    g_autofree char *bytes = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(archive, &bytes, &length, NULL));
    refused(fixture, "/nowhere.tar", "archive_missing");
    const gsize cuts[] = {0, 100, 512, 10000, length / 2, length - 1500};
    for (gsize i = 0; i < G_N_ELEMENTS(cuts); i++) {
        g_assert_true(g_file_set_contents(archive, bytes, (gssize)cuts[i], NULL));
        refused(fixture, archive, "archive_invalid");
    }
    bytes[512 + 5000] ^= 1; // within the database
    g_assert_true(g_file_set_contents(archive, bytes, (gssize)length, NULL));
    refused(fixture, archive, "archive_invalid");
}

static void names_that_lead_elsewhere_are_refused(Fixture *fixture, gconstpointer data) {
    (void)data;
    BackupFacts facts;
    g_autofree char *archive = archive_write_to(fixture, &facts);
    g_autofree char *bytes = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(archive, &bytes, &length, NULL));
    static const char *const names[] = {"../dialogd.db", "/etc/passwd", "blobs/ab/../../x", "key"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        memset(bytes, 0, 100);
        memcpy(bytes, names[i], strlen(names[i]));
        memset(bytes + 148, ' ', 8);
        guint sum = 0;
        for (int at = 0; at < 512; at++)
            sum += (guchar)bytes[at];
        g_snprintf(bytes + 148, 8, "%06o", sum);
        g_assert_true(g_file_set_contents(archive, bytes, (gssize)length, NULL));
        refused(fixture, archive, "archive_invalid");
    }
}

static void database_that_is_there_is_left_alone(Fixture *fixture, gconstpointer data) {
    (void)data;
    BackupFacts facts;
    g_autofree char *archive = archive_write_to(fixture, &facts);
    g_autoptr(GError) error = NULL;
    g_assert_false(backup_restore(archive, fixture->scratch.directory, &facts, &error));
    g_assert_cmpint(error_kind(error), ==, ERROR_CONFLICT);
}

#define ADD(name)                                                                                  \
    g_test_add("/backup/" #name, Fixture, NULL, fixture_set_up, name, fixture_tear_down)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    ADD(everything_comes_back);
    ADD(archive_is_for_the_owner_only);
    ADD(backup_under_load_is_consistent);
    ADD(damaged_archives_are_refused);
    ADD(names_that_lead_elsewhere_are_refused);
    ADD(database_that_is_there_is_left_alone);
    return g_test_run();
}
