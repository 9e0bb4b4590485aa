// How the bytes of a blob are kept: as they are, or compressed where that helps (raw mail, text,
// HTML). The only user of zstd. Used by blob.c and verify. Pure.
#pragma once

#include <glib.h>

typedef enum { BLOB_PLAIN, BLOB_ZSTD } BlobEncoding; // numbers of blob.encoding

// The same bytes referenced again when compressing saves less than an eighth.
GBytes *blob_encode(GBytes *plain, BlobEncoding *encoding) G_GNUC_WARN_UNUSED_RESULT;

// size is that of the plain bytes. NULL when they do not decode to that many.
GBytes *blob_decode(GBytes *encoded, BlobEncoding encoding, gint64 size) G_GNUC_WARN_UNUSED_RESULT;
