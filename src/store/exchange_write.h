// The full export: all that is stored, as lines of JSON, from one snapshot. The first line names
// format and schema, the last one the number of lines, so that half a file is never taken for a
// whole one; two exports of the same data are the same bytes. Secrets are left out
// (exchange_table.h). Used by api/export.c; blocks for as long as it takes.
#pragma once

#include "store/store.h"

#define EXCHANGE_FORMAT "dialogd export"
#define EXCHANGE_VERSION 1

typedef struct {
    gint64 lines;
    gint64 bytes;
} ExchangeFacts;

// Takes a piece of the export. FALSE with an error ends it.
typedef gboolean (*ExchangeSink)(gpointer data, const char *bytes, gsize length, GError **error);

// Not on the writer's thread.
gboolean exchange_write(Store *store, ExchangeSink sink, gpointer data, ExchangeFacts *facts,
                        GError **error);

// Into a new file, whole and synced or not at all; an older file of that name is replaced.
gboolean exchange_write_file(Store *store, const char *path, ExchangeFacts *facts, GError **error);
