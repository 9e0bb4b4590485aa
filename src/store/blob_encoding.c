#include "store/blob_encoding.h"

#include <zstd.h>

#define WORTH_TRYING 200            // bytes
#define LEVEL 3                     // small ones
#define LEVEL_LARGE 1               // base64 of large mails: 1 saves what 3 does, in half the time
#define LARGE (64 * 1024)           // bytes
#define ROOM_KEPT (4 * 1024 * 1024) // bytes a thread
#define SIZE_MAX_PLAIN (1LL << 30)  // more is no blob of ours

// What a thread that compresses keeps: making both anew for each blob costs as much as compressing.
typedef struct {
    ZSTD_CCtx *context;
    void *out;
    gsize room;
} Workshop;

static void workshop_free(gpointer data) {
    Workshop *workshop = data;
    ZSTD_freeCCtx(workshop->context);
    g_free(workshop->out);
    g_free(workshop);
}

static GPrivate workshop_of_thread = G_PRIVATE_INIT(workshop_free);

static Workshop *workshop_get(gsize room) {
    Workshop *workshop = g_private_get(&workshop_of_thread);
    if (workshop == NULL) {
        workshop = g_new0(Workshop, 1);
        workshop->context = ZSTD_createCCtx();
        g_private_set(&workshop_of_thread, workshop);
    }
    if (workshop->room < room) {
        g_free(workshop->out);
        workshop->out = g_malloc(room);
        workshop->room = room;
    }
    return workshop;
}

// Memory for a very large blob is not kept.
static void workshop_tidy(Workshop *workshop) {
    if (workshop->room <= ROOM_KEPT)
        return;
    g_clear_pointer(&workshop->out, g_free);
    workshop->room = 0;
}

static GBytes *compress(GBytes *plain) {
    gsize length;
    const void *data = g_bytes_get_data(plain, &length);
    Workshop *workshop = workshop_get(ZSTD_compressBound(length));
    gsize size = ZSTD_compressCCtx(workshop->context, workshop->out, workshop->room, data, length,
                                   length > LARGE ? LEVEL_LARGE : LEVEL);
    gboolean is_worth = !ZSTD_isError(size) && size <= length - length / 8;
    GBytes *encoded = is_worth ? g_bytes_new(workshop->out, size) : NULL;
    workshop_tidy(workshop);
    return encoded;
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
