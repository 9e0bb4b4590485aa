#include "store/blob.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/error.h"
#include "store/blob_encoding.h"
#include "store/blob_file.h"

#define ROW_LIMIT (128 * 1024) // encoded bytes that are kept in the row

// Blobs that somebody is about to name: their files stay. By their name in hex, counted.
static GMutex hand_lock;
static GHashTable *in_hand;
static guint holds; // backups that read files

struct Blob {
    guint8 sha256[SHA256_BYTES];
    gint64 size;
    BlobEncoding encoding;
    GBytes *bytes; // encoded; NULL: in a file
};

static void hash(const void *data, gsize length, guint8 sha256[SHA256_BYTES]) {
    if (EVP_Digest(data, length, sha256, NULL, EVP_sha256(), NULL) != 1)
        g_error("libcrypto has no SHA-256");
}

static void name_write(const guint8 *sha256, char name[2 * SHA256_BYTES + 1]) {
    for (gsize at = 0; at < SHA256_BYTES; at++)
        g_snprintf(name + 2 * at, 3, "%02x", sha256[at]);
}

// Counts how many have it in hand; the name goes when nobody has.
static void hand_change(const guint8 *sha256, int by) {
    char name[2 * SHA256_BYTES + 1];
    name_write(sha256, name);
    g_mutex_lock(&hand_lock);
    if (in_hand == NULL)
        in_hand = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int count = GPOINTER_TO_INT(g_hash_table_lookup(in_hand, name)) + by;
    if (count > 0)
        g_hash_table_replace(in_hand, g_strdup(name), GINT_TO_POINTER(count));
    else
        g_hash_table_remove(in_hand, name);
    g_mutex_unlock(&hand_lock);
}

void blob_files_hold(void) {
    g_mutex_lock(&hand_lock);
    holds++;
    g_mutex_unlock(&hand_lock);
}

void blob_files_release(void) {
    g_mutex_lock(&hand_lock);
    holds--;
    g_mutex_unlock(&hand_lock);
}

gboolean blob_file_drop(const char *directory, const guint8 *sha256) {
    char name[2 * SHA256_BYTES + 1];
    name_write(sha256, name);
    g_autofree char *path = blob_file_path(directory, sha256);
    g_mutex_lock(&hand_lock);
    gboolean is_free = holds == 0 && (in_hand == NULL || !g_hash_table_contains(in_hand, name));
    gboolean is_gone = is_free && (g_unlink(path) == 0 || errno == ENOENT);
    g_mutex_unlock(&hand_lock);
    return is_gone;
}

Blob *blob_prepare(Store *store, GBytes *bytes, GError **error) {
    return blob_prepare_in(store_directory(store), bytes, error);
}

Blob *blob_prepare_in(const char *directory, GBytes *bytes, GError **error) {
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    g_autoptr(Blob) blob = g_new0(Blob, 1);
    hash(data, length, blob->sha256);
    blob->size = (gint64)length;
    hand_change(blob->sha256, 1);
    blob->bytes = blob_encode(bytes, &blob->encoding);
    gsize encoded_length;
    const void *encoded = g_bytes_get_data(blob->bytes, &encoded_length);
    if (encoded_length <= ROW_LIMIT)
        return g_steal_pointer(&blob);
    if (!blob_file_write(directory, blob->sha256, encoded, encoded_length, error))
        return NULL;
    g_clear_pointer(&blob->bytes, g_bytes_unref);
    return g_steal_pointer(&blob);
}

void blob_free(Blob *blob) {
    if (blob == NULL)
        return;
    hand_change(blob->sha256, -1);
    g_clear_pointer(&blob->bytes, g_bytes_unref);
    g_free(blob);
}

const guint8 *blob_sha256(const Blob *blob) {
    return blob->sha256;
}

gint64 blob_size(const Blob *blob) {
    return blob->size;
}

gboolean blob_add(Db *db, const Blob *blob, GError **error) {
    return db_run(db,
                  "INSERT INTO blob (sha256, size, encoding, bytes) VALUES ($1, $2, $3, $4)"
                  " ON CONFLICT (sha256) DO NOTHING",
                  DB_VALUES(DB_SPAN(blob->sha256, SHA256_BYTES), DB_INT(blob->size),
                            DB_INT(blob->encoding), DB_BYTES(blob->bytes)),
                  error);
}

static GBytes *damaged(GError **error) {
    error_set(error, ERROR_INTERNAL, "blob_damaged",
              "stored bytes are not those that were stored: restore them from a backup");
    return NULL;
}

static GBytes *row_read(Store *store, DbRows *row, const guint8 *sha256, GError **error) {
    g_autoptr(GBytes) encoded = db_rows_is_null(row, 2)
                                    ? blob_file_read(store_directory(store), sha256, error)
                                    : db_rows_bytes(row, 2);
    if (encoded == NULL)
        return NULL;
    g_autoptr(GBytes) plain =
        blob_decode(encoded, (BlobEncoding)db_rows_int(row, 1), db_rows_int(row, 0));
    if (plain == NULL)
        return damaged(error);
    guint8 found[SHA256_BYTES];
    hash(g_bytes_get_data(plain, NULL), g_bytes_get_size(plain), found);
    return memcmp(found, sha256, SHA256_BYTES) == 0 ? g_steal_pointer(&plain) : damaged(error);
}

GBytes *blob_read(Store *store, Db *db, const void *sha256, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT size, encoding, bytes FROM blob WHERE sha256 = $1",
                 DB_VALUES(DB_SPAN(sha256, SHA256_BYTES)), error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GError) failure = NULL;
    if (db_rows_next(rows, &failure))
        return row_read(store, rows, sha256, error);
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    else
        error_set(error, ERROR_NOT_FOUND, "blob_unknown", "no such bytes are stored");
    return NULL;
}
