// A full disk (reliability.md P6): writes are refused as unavailable, reading goes on, nothing that
// was acknowledged is lost, and writing goes on within 5 s when there is room again.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "store/blob.h"
#include "store/db_open.h"
#include "store/store.h"
#include "tests/store/scratch.h"

#define DISK "size=32m"
#define ROW_BYTES 100000

static gboolean row_add(Db *db, gpointer data, GError **error) {
    g_autofree char *name = g_strdup_printf("%d", *(const int *)data);
    g_autofree char *value = g_strnfill(ROW_BYTES, 'x');
    return db_run(db, "INSERT INTO setting (name, value) VALUES ($1, $2)",
                  DB_VALUES(DB_TEXT(name), DB_TEXT(value)), error);
}

static gint64 rows_count(Store *store) {
    gint64 count = -1;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader_take(store, &error);
    g_assert_no_error(error);
    db_query_int(db, "SELECT count(*) FROM setting WHERE length(value) > 1000", DB_NO_VALUES,
                 &count, NULL, &error);
    g_assert_no_error(error);
    store_reader_give(store, db);
    return count;
}

// How many rows were acknowledged before the first refusal, from number on.
static int fill(Store *store, int number, int limit) {
    int added = 0;
    for (; added < limit; added++) {
        int next = number + added;
        g_autoptr(GError) error = NULL;
        if (writer_run(store_writer(store), row_add, &next, &error))
            continue;
        g_assert_cmpint(error_kind(error), ==, ERROR_UNAVAILABLE);
        g_assert_cmpstr(error_code(error), ==, "disk_full");
        break;
    }
    return added;
}

static void blob_is_refused_whole(Store *store, const char *directory) {
    guint8 *noise = g_malloc(20 * 1024 * 1024);
    for (gsize i = 0; i < 20 * 1024 * 1024; i++)
        noise[i] = (guint8)g_random_int_range(0, 256);
    g_autoptr(GBytes) bytes = g_bytes_new_take(noise, 20 * 1024 * 1024);
    g_autoptr(GError) error = NULL;
    g_assert_null(blob_prepare(store, bytes, &error));
    g_assert_cmpint(error_kind(error), ==, ERROR_UNAVAILABLE);
    g_autofree char *command = g_strdup_printf("find '%s/blobs' -type f", directory);
    g_autofree char *files = NULL;
    g_spawn_command_line_sync(command, &files, NULL, NULL, NULL);
    g_assert_cmpstr(files, ==, ""); // no half file is left
}

static void filler_write(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(posix_fallocate(fd, 0, 12 * 1024 * 1024), ==, 0);
    close(fd);
}

static void full_disk_is_survived_on(const char *directory) {
    g_autoptr(GError) error = NULL;
    g_autofree char *filler = g_build_filename(directory, "filler", NULL);
    g_autofree char *ballast = g_build_filename(directory, "ballast", NULL);
    g_autoptr(Store) store = store_open(directory, TRUE, &error);
    g_assert_no_error(error);
    g_assert_true(g_file_test(ballast, G_FILE_TEST_EXISTS));
    filler_write(filler);
    int added = fill(store, 0, 1000);
    g_test_message("%d rows before the disk was full", added);
    g_assert_cmpint(added, >, 10);
    g_assert_cmpint(added, <, 1000);
    g_assert_false(g_file_test(ballast, G_FILE_TEST_EXISTS)); // was given up first
    g_assert_cmpint(rows_count(store), ==, added);
    blob_is_refused_whole(store, directory);
    g_assert_cmpint(unlink(filler), ==, 0);
    gint64 start = g_get_monotonic_time();
    while (fill(store, added, 1) == 0)
        g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
    g_assert_cmpint(rows_count(store), ==, added + 1);
    g_clear_pointer(&store, store_close);
    store = store_open(directory, FALSE, &error);
    g_assert_no_error(error);
    g_assert_cmpint(rows_count(store), ==, added + 1);
}

static void full_disk_is_survived(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autofree char *disk = scratch_path(&scratch, "disk");
    g_assert_cmpint(mkdir(disk, 0700), ==, 0);
    if (mount("tmpfs", disk, "tmpfs", 0, DISK) != 0) {
        g_test_skip("a small disk cannot be mounted here: run as root");
        return;
    }
    g_autofree char *directory = g_build_filename(disk, "data", NULL);
    full_disk_is_survived_on(directory);
    g_assert_cmpint(umount(disk), ==, 0);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/full-disk/full_disk_is_survived", full_disk_is_survived);
    return g_test_run();
}
