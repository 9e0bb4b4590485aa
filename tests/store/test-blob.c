#include <string.h>

#include "base/error.h"
#include "store/blob.h"
#include "store/blob_file.h"
#include "tests/store/scratch.h"

typedef struct {
    Scratch scratch;
    Store *store;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    fixture->scratch = scratch_new();
    fixture->store = store_open(fixture->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
}

static void tear_down(Fixture *fixture, gconstpointer data) {
    (void)data;
    store_close(fixture->store);
    scratch_clear(&fixture->scratch);
}

static gboolean blob_put(Db *db, gpointer blob, GError **error) {
    return blob_add(db, blob, error);
}

static Blob *stored(Fixture *fixture, GBytes *bytes) {
    g_autoptr(GError) error = NULL;
    Blob *blob = blob_prepare(fixture->store, bytes, &error);
    g_assert_no_error(error);
    writer_run(store_writer(fixture->store), blob_put, blob, &error);
    g_assert_no_error(error);
    return blob;
}

static GBytes *read_back(Fixture *fixture, const Blob *blob, GError **error) {
    Db *db = store_reader_take(fixture->store, NULL);
    GBytes *bytes = blob_read(fixture->store, db, blob_sha256(blob), error);
    store_reader_give(fixture->store, db);
    return bytes;
}

static GBytes *noise(gsize length) {
    guint8 *data = g_malloc(length);
    for (gsize i = 0; i < length; i++)
        data[i] = (guint8)g_test_rand_int_range(0, 256);
    return g_bytes_new_take(data, length);
}

static gboolean has_file(Fixture *fixture, const Blob *blob) {
    g_autofree char *path = blob_file_path(fixture->scratch.directory, blob_sha256(blob));
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void comes_back(Fixture *fixture, GBytes *bytes, gboolean in_file) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Blob) blob = stored(fixture, bytes);
    g_autoptr(GBytes) back = read_back(fixture, blob, &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(back, bytes));
    g_assert_cmpint(has_file(fixture, blob), ==, in_file);
}

static void bytes_of_every_size_come_back(Fixture *fixture, gconstpointer data) {
    (void)data;
    static const struct {
        gsize size;
        gboolean in_file;
    } cases[] = {{0, FALSE},      {1, FALSE},     {199, FALSE},   {5000, FALSE},
                 {131072, FALSE}, {131073, TRUE}, {3000000, TRUE}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) bytes = noise(cases[i].size);
        comes_back(fixture, bytes, cases[i].in_file);
    }
}

static void text_is_compressed(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autofree char *text = g_strnfill(1000000, 'x');
    g_autoptr(GBytes) bytes = g_bytes_new(text, 1000000);
    comes_back(fixture, bytes, FALSE);
}

static void name_is_the_sha256(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3);
    g_autoptr(Blob) blob = stored(fixture, bytes);
    static const guint8 first[] = {0xba, 0x78, 0x16, 0xbf}; // FIPS 180-2, B.1
    g_assert_true(memcmp(blob_sha256(blob), first, sizeof first) == 0);
    g_assert_cmpint(blob_size(blob), ==, 3);
}

static void storing_twice_is_harmless(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(GBytes) bytes = noise(200000);
    comes_back(fixture, bytes, TRUE);
    comes_back(fixture, bytes, TRUE);
}

static void damaged_file_is_noticed(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(GBytes) bytes = noise(200000);
    g_autoptr(Blob) blob = stored(fixture, bytes);
    g_autofree char *path = blob_file_path(fixture->scratch.directory, blob_sha256(blob));
    g_autofree char *zeros = g_malloc0(200000);
    g_assert_true(g_file_set_contents(path, zeros, 200000, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_null(read_back(fixture, blob, &error));
    g_assert_cmpstr(error_code(error), ==, "blob_damaged");
}

static void unknown_name_is_not_found(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(GBytes) bytes = noise(10);
    g_autoptr(Blob) blob = blob_prepare(fixture->store, bytes, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(read_back(fixture, blob, &error));
    g_assert_cmpint(error_kind(error), ==, ERROR_NOT_FOUND);
}

#define ADD(name) g_test_add("/blob/" #name, Fixture, NULL, set_up, name, tear_down)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    ADD(bytes_of_every_size_come_back);
    ADD(text_is_compressed);
    ADD(name_is_the_sha256);
    ADD(storing_twice_is_harmless);
    ADD(damaged_file_is_noticed);
    ADD(unknown_name_is_not_found);
    return g_test_run();
}
