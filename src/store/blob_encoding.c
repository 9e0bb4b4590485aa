#include "store/blob_encoding.h"

#include <zstd.h>

#define WORTH_TRYING 200           // bytes
#define LEVEL 3                    // small ones
#define LEVEL_LARGE 1              // base64 of large mails: 1 saves what 3 does, in half the time
#define LARGE (64 * 1024)          // bytes
#define SIZE_MAX_PLAIN (1LL << 30) // more is no blob of ours

static GBytes *compress(GBytes *plain) {
    gsize length;
    const void *data = g_bytes_get_data(plain, &length);
    gsize room = ZSTD_compressBound(length);
    g_autofree void *out = g_malloc(room);
    gsize size = ZSTD_compress(out, room, data, length, length > LARGE ? LEVEL_LARGE : LEVEL);
    if (ZSTD_isError(size) || size > length - length / 8)
        return NULL;
    return g_bytes_new_take(g_realloc(g_steal_pointer(&out), size), size);
}

GBytes *blob_encode(GBytes *plain, BlobEncoding *encoding) {
    GBytes *encoded = g_bytes_get_size(plain) >= WORTH_TRYING ? compress(plain) : NULL;
    *encoding = encoded != NULL ? BLOB_ZSTD : BLOB_PLAIN;
    return encoded != NULL ? encoded : g_bytes_ref(plain);
}

static GBytes *decompress(GBytes *encoded, gsize size) {
    gsize length;
    const void *data = g_bytes_get_data(encoded, &length);
    g_autofree void *out = g_malloc(size + 1);
    if (ZSTD_decompress(out, size, data, length) != size)
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&out), size);
}

GBytes *blob_decode(GBytes *encoded, BlobEncoding encoding, gint64 size) {
    if (size < 0 || size > SIZE_MAX_PLAIN)
        return NULL;
    if (encoding == BLOB_ZSTD)
        return decompress(encoded, (gsize)size);
    return g_bytes_get_size(encoded) == (gsize)size ? g_bytes_ref(encoded) : NULL;
}
