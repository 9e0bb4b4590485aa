// The lines of a full export read back: each becomes its row. Used by exchange_load.c.
#pragma once

#include "store/db_open.h"
#include "store/exchange_table.h"

typedef struct ExchangeLines ExchangeLines;

// Rows go into db, large blobs into directory.
ExchangeLines *exchange_lines_new(Db *db, const char *directory) G_GNUC_WARN_UNUSED_RESULT;
void exchange_lines_free(ExchangeLines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExchangeLines, exchange_lines_free)

// One line without its end. FALSE with an error that names its number (invalid; conflict: its key
// came before). Strict: what the export would not write is refused.
gboolean exchange_lines_add(ExchangeLines *lines, const char *line, gsize length, GError **error);

// FALSE with an error (invalid) unless the last line was there.
gboolean exchange_lines_end(const ExchangeLines *lines, GError **error);

gint64 exchange_lines_count(const ExchangeLines *lines);
