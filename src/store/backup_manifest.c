#include "store/backup_manifest.h"

#include <jansson.h>
#include <string.h>

#include "base/error.h"
#include "store/blob.h"

#define FORMAT 1
#define BLOBS "blobs/"

char *backup_manifest_format(const BackupFacts *facts, const char *digest) {
    json_t *json =
        json_pack("{s:i, s:i, s:I, s:I, s:s, s:I, s:I}", "format", FORMAT, "schema", facts->schema,
                  "taken_at", (json_int_t)facts->taken_at, "database_bytes",
                  (json_int_t)facts->database_bytes, "database_sha256", digest, "blobs",
                  (json_int_t)facts->blobs, "blob_bytes", (json_int_t)facts->blob_bytes);
    char *text = json_dumps(json, JSON_INDENT(2));
    json_decref(json);
    char *owned = g_strconcat(text, "\n", NULL);
    free(text);
    return owned;
}

gboolean backup_manifest_parse(const char *text, gsize length, BackupFacts *facts, char **digest,
                               GError **error) {
    int format = 0;
    const char *found = NULL;
    json_int_t taken_at = 0;
    json_int_t database_bytes = 0;
    json_int_t blobs = 0;
    json_int_t blob_bytes = 0;
    json_t *json = json_loadb(text, length, 0, NULL);
    gboolean is_good =
        json != NULL &&
        json_unpack(json, "{s:i, s:i, s:I, s:I, s:s, s:I, s:I}", "format", &format, "schema",
                    &facts->schema, "taken_at", &taken_at, "database_bytes", &database_bytes,
                    "database_sha256", &found, "blobs", &blobs, "blob_bytes", &blob_bytes) == 0 &&
        format == FORMAT;
    if (is_good) {
        facts->taken_at = taken_at;
        facts->database_bytes = database_bytes;
        facts->blobs = blobs;
        facts->blob_bytes = blob_bytes;
        *digest = g_strdup(found);
    } else {
        error_set(error, ERROR_INVALID, "archive_invalid",
                  "the archive's %s is not understood: it may be of a newer dialogd",
                  BACKUP_MANIFEST);
    }
    json_decref(json);
    return is_good;
}

gboolean backup_name_is_blob(const char *name) {
    if (!g_str_has_prefix(name, BLOBS) || strlen(name) != strlen(BLOBS) + 3 + 2 * SHA256_BYTES)
        return FALSE;
    const char *shelf = name + strlen(BLOBS);
    const char *hex = shelf + 3;
    return shelf[2] == '/' && strncmp(shelf, hex, 2) == 0 &&
           strspn(hex, "0123456789abcdef") == 2 * SHA256_BYTES;
}
