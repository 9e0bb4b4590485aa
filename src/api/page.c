#include "api/page.h"

#include <string.h>

#include "base/error.h"

gboolean page_read_cursor(const char *text, Page *page, GError **error) {
    const char *dot = strchr(text, '.');
    g_autofree char *key = dot != NULL ? g_strndup(text, (gsize)(dot - text)) : NULL;
    page->id = dot != NULL ? id_parse(dot + 1, NULL) : 0;
    page->has_cursor = page->id != 0 &&
                       g_ascii_string_to_signed(key, 10, G_MININT64, G_MAXINT64, &page->key, NULL);
    if (!page->has_cursor)
        error_set(error, ERROR_INVALID, "cursor_invalid",
                  "the cursor is none of ours: take \"next\" of a page as it is");
    return page->has_cursor;
}

gboolean page_read(const ApiCall *call, gint64 initial, gint64 high, Page *page, GError **error) {
    *page = (Page){.limit = initial};
    const char *cursor = api_call_query(call, "cursor");
    return api_call_query_int(call, "limit", 1, high, &page->limit, error) &&
           (cursor == NULL || page_read_cursor(cursor, page, error));
}

char *page_cursor(gint64 key, Id id) {
    return g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, key, id);
}
