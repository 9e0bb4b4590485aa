// The operators of a query that are about conversations, as a condition in SQL with bound values.
// Used by search_find.c alone.
#pragma once

#include "model/search_query.h"
#include "store/db.h"

typedef struct {
    GString *sql;   // " AND ..." about conversation c; "" when there is nothing to ask
    GArray *values; // of DbValue, $3 and on; texts are borrowed from the query
    Instant after;  // at or after; G_MININT64 + 1 when not asked
    Instant before; // before; G_MAXINT64 when not asked
} SearchCondition;

// viewer: from whom something may be hidden, or 0. Looks up channels, tags and agents by name; a
// name that nothing has finds nothing. FALSE with an error (unavailable).
gboolean search_condition_init(SearchCondition *condition, Db *db, const SearchQuery *query, Id me,
                               Id viewer, GError **error);
void search_condition_clear(SearchCondition *condition);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SearchCondition, search_condition_clear)
