// Keyset paging: limit and cursor of a list. A cursor is the sort key and id of the last row shown,
// so pages neither skip nor repeat rows when the list moves. Used by the resources.
#pragma once

#include "api/call.h"

#define PAGE_QUERY "limit cursor" // of a route's row

typedef struct {
    gint64 limit;
    gboolean has_cursor;
    gint64 key; // of the last row of the page before
    Id id;
} Page;

// limit (1 to high, else initial) and cursor of the query. FALSE with an error (invalid).
gboolean page_read(const ApiCall *call, gint64 initial, gint64 high, Page *page, GError **error);

// A cursor from elsewhere in the query. FALSE with an error (invalid).
gboolean page_read_cursor(const char *text, Page *page, GError **error);

// The text of a cursor.
char *page_cursor(gint64 key, Id id) G_GNUC_WARN_UNUSED_RESULT;
