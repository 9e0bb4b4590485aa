#include "store/search_match.h"

// CROSS JOIN: the index leads, entries follow by their key.
#define FROM                                                                                       \
    " FROM search CROSS JOIN search_entry e ON e.number = search.rowid WHERE search MATCH $1"

static GArray *rows_read(Db *db, const char *sql, const DbValue *values, gsize count,
                         GError **error) {
    g_autoptr(DbRows) rows = db_query(db, sql, values, count, error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(SearchMatch));
    g_autoptr(GError) failure = NULL;
    while (db_rows_next(rows, &failure)) {
        SearchMatch match = {db_rows_int(rows, 0), db_rows_id(rows, 1), db_rows_int(rows, 2),
                             db_rows_real(rows, 3)};
        g_array_append_val(matches, match);
    }
    if (failure == NULL)
        return g_steal_pointer(&matches);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

static gint compare(gconstpointer a, gconstpointer b) {
    const SearchMatch *one = a;
    const SearchMatch *other = b;
    if (one->score < other->score || one->score > other->score)
        return one->score > other->score ? -1 : 1;
    return one->number > other->number ? -1 : one->number < other->number;
}

static gboolean newest_set(Db *db, SearchCursor *cursor, GError **error) {
    return cursor->newest != G_MAXINT64 ||
           db_query_int(db, "SELECT coalesce(max(number), 0) FROM search_entry", DB_NO_VALUES,
                        &cursor->newest, NULL, error);
}

GArray *search_match_rank(Db *db, const char *expression, SearchCursor *cursor, Instant after,
                          Instant before, GError **error) {
    if (!newest_set(db, cursor, error))
        return NULL;
    GArray *matches =
        rows_read(db,
                  "SELECT e.number, e.message_id, e.occurred_at,"
                  " search_rank(search, e.words, e.occurred_at, $2)" FROM
                  " AND search.rowid <= $3 AND e.occurred_at >= $4 AND e.occurred_at < $5"
                  " ORDER BY search.rowid DESC LIMIT $6",
                  DB_VALUES(DB_TEXT(expression), DB_INT(cursor->now), DB_INT(cursor->newest),
                            DB_INT(after), DB_INT(before), DB_INT(MATCHES_MAX)),
                  error);
    if (matches != NULL)
        g_array_sort(matches, compare);
    return matches;
}

GArray *search_match_list(Db *db, const char *expression, GError **error) {
    return rows_read(db,
                     "SELECT e.number, e.message_id, e.occurred_at, 0.0" FROM
                     " ORDER BY search.rowid DESC LIMIT $2",
                     DB_VALUES(DB_TEXT(expression), DB_INT(MATCHES_MAX)), error);
}
