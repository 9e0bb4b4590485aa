// Where a page of search results ended. A text for the outside that is checked when it comes back.
// Used by search_find.c and search_match.c.
#pragma once

#include "store/db.h"

typedef struct {
    Instant now;     // of ranking by age, the same for all pages
    gint64 newest;   // number of the newest entry that counts; G_MAXINT64 on the first page
    double score;    // of the last hit; INFINITY on the first page
    gint64 number;   // of the last hit; listings: the id of the conversation
    Instant instant; // listings: its last message; G_MAXINT64 on the first page
} SearchCursor;

// text NULL: the beginning. FALSE with an error (invalid).
gboolean search_cursor_parse(const char *text, Instant now, SearchCursor *cursor, GError **error);

// TRUE when a match with this score and number was on an earlier page.
gboolean search_cursor_has_passed(const SearchCursor *cursor, double score, gint64 number);

char *search_cursor_format_match(const SearchCursor *cursor, double score,
                                 gint64 number) G_GNUC_WARN_UNUSED_RESULT;
char *search_cursor_format_row(Instant instant, Id conversation_id) G_GNUC_WARN_UNUSED_RESULT;
