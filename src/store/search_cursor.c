#include "store/search_cursor.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

#define PARTS 4

char *search_cursor_format_match(const SearchCursor *cursor, double score, gint64 number) {
    guint64 bits;
    memcpy(&bits, &score, sizeof bits); // exact, as no decimal would be
    return g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".%" G_GUINT64_FORMAT
                           ".%" G_GINT64_FORMAT,
                           cursor->now, cursor->newest, bits, number);
}

char *search_cursor_format_row(Instant instant, Id conversation_id) {
    return g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, instant, conversation_id);
}

static gboolean numbers_parse(const char *text, gint64 numbers[PARTS], guint *count) {
    g_auto(GStrv) parts = g_strsplit(text, ".", PARTS + 1);
    *count = g_strv_length(parts);
    for (guint i = 0; i < MIN(*count, PARTS); i++)
        if (!g_ascii_string_to_signed(parts[i], 10, G_MININT64, G_MAXINT64, &numbers[i], NULL))
            return FALSE;
    return *count == 2 || *count == PARTS;
}

static void begin(SearchCursor *cursor, Instant now) {
    *cursor = (SearchCursor){
        .now = now,
        .newest = G_MAXINT64,
        .score = INFINITY,
        .number = G_MAXINT64,
        .instant = G_MAXINT64,
    };
}

gboolean search_cursor_parse(const char *text, Instant now, SearchCursor *cursor, GError **error) {
    gint64 numbers[PARTS] = {0};
    guint count = 0;
    begin(cursor, now);
    if (text == NULL)
        return TRUE;
    if (!numbers_parse(text, numbers, &count)) {
        error_set(error, ERROR_INVALID, "cursor_invalid", "the cursor is not one of this search");
        return FALSE;
    }
    if (count == 2) {
        cursor->instant = numbers[0];
        cursor->number = numbers[1];
        return TRUE;
    }
    cursor->now = numbers[0];
    cursor->newest = numbers[1];
    memcpy(&cursor->score, &numbers[2], sizeof cursor->score);
    cursor->number = numbers[3];
    return TRUE;
}

gboolean search_cursor_has_passed(const SearchCursor *cursor, double score, gint64 number) {
    return score > cursor->score || (score >= cursor->score && number >= cursor->number);
}
