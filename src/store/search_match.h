// Messages that match an expression of the full-text index. Used by search_find.c alone.
#pragma once

#include "store/db.h"
#include "store/search_cursor.h"

#define MATCHES_MAX 20000 // the newest ones count

typedef struct {
    gint64 number; // of its entry; grows with time
    Id message_id;
    Instant occurred_at;
    double score;
} SearchMatch;

// The newest matches between the instants, best first. Sets cursor->newest on the first page. NULL
// with an error.
GArray *search_match_rank(Db *db, const char *expression, SearchCursor *cursor, Instant after,
                          Instant before, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The newest matches, newest first, without scores. NULL with an error.
GArray *search_match_list(Db *db, const char *expression, GError **error) G_GNUC_WARN_UNUSED_RESULT;
