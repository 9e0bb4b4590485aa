#include "store/search_find.h"

#include <string.h>

#include "base/error.h"
#include "store/search_cursor.h"
#include "store/search_expression.h"
#include "store/search_filter.h"
#include "store/search_match.h"

#define PAGE_MAX 200

typedef struct {
    Db *db;
    SearchCondition *condition;
    SearchCursor cursor;
    guint limit;
    gint64 last; // number of the last hit's match; listings: unused
    gboolean is_done;
    GHashTable *seen; // conversations that are listed already, or excluded
    SearchPage *page;
} Search;

void search_page_free(SearchPage *page) {
    if (page == NULL)
        return;
    g_array_unref(page->hits);
    g_free(page->next);
    g_free(page);
}

// TRUE when it was not seen before.
static gboolean see(Search *search, Id conversation_id) {
    gint64 *key = g_new(gint64, 1);
    *key = conversation_id;
    return g_hash_table_add(search->seen, key);
}

// $1, $2 and then those of the condition. Owned by the caller.
static DbValue *values_of(const Search *search, DbValue first, DbValue second, gsize *count) {
    const GArray *rest = search->condition->values;
    *count = 2 + rest->len;
    DbValue *values = g_new(DbValue, *count);
    values[0] = first;
    values[1] = second;
    if (rest->len > 0)
        memcpy(values + 2, rest->data, rest->len * sizeof(DbValue));
    return values;
}

// One more than fits tells that there is a next page.
static void hit_add(Search *search, const SearchHit *hit, gint64 number) {
    GArray *hits = search->page->hits;
    if (hits->len < search->limit) {
        g_array_append_val(hits, *hit);
        search->last = number;
        return;
    }
    const SearchHit *last = &g_array_index(hits, SearchHit, hits->len - 1);
    search->is_done = TRUE;
    search->page->next =
        last->message_id != 0
            ? search_cursor_format_match(&search->cursor, last->score, search->last)
            : search_cursor_format_row(last->occurred_at, last->conversation_id);
}

// The conversation that shows a message, if the condition holds for it; else 0.
static gboolean conversation_of(Search *search, const char *sql, Id message_id, Id *found,
                                GError **error) {
    gsize count;
    g_autofree DbValue *values = values_of(search, DB_ID(message_id), DB_NULL, &count);
    return db_query_int(search->db, sql, values, count, found, NULL, error);
}

static gboolean match_take(Search *search, const char *sql, const SearchMatch *match,
                           GError **error) {
    Id conversation_id = 0;
    if (!conversation_of(search, sql, match->message_id, &conversation_id, error))
        return FALSE;
    if (conversation_id == 0 || !see(search, conversation_id))
        return TRUE;
    if (search_cursor_has_passed(&search->cursor, match->score, match->number))
        return TRUE;
    SearchHit hit = {conversation_id, match->message_id, match->score, match->occurred_at};
    hit_add(search, &hit, match->number);
    return TRUE;
}

// Best first. Conversations of earlier pages must be seen again, so that none comes twice.
static gboolean ranked_find(Search *search, const char *expression, GError **error) {
    g_autoptr(GArray) matches =
        search_match_rank(search->db, expression, &search->cursor, search->condition->after,
                          search->condition->before, error);
    if (matches == NULL)
        return FALSE;
    g_autofree char *sql =
        g_strconcat("SELECT c.id FROM message m JOIN conversation a ON a.id = m.conversation_id"
                    " JOIN conversation c ON c.id = coalesce(a.merged_into, a.id)"
                    " WHERE m.id = $1 AND $2 IS NULL AND m.removed_at IS NULL",
                    search->condition->sql->str, NULL);
    for (guint i = 0; i < matches->len && !search->is_done; i++)
        if (!match_take(search, sql, &g_array_index(matches, SearchMatch, i), error))
            return FALSE;
    return TRUE;
}

// Conversations with an excluded word are seen before the listing begins.
static gboolean excluded_see(Search *search, const SearchQuery *query, GError **error) {
    g_autofree char *expression = search_expression_excluded(query);
    if (expression == NULL)
        return TRUE;
    g_autoptr(GArray) matches = search_match_list(search->db, expression, error);
    for (guint i = 0; matches != NULL && i < matches->len; i++) {
        const SearchMatch *match = &g_array_index(matches, SearchMatch, i);
        Id conversation_id = 0;
        if (!db_query_int(search->db,
                          "SELECT coalesce(c.merged_into, c.id) FROM message m"
                          " JOIN conversation c ON c.id = m.conversation_id WHERE m.id = $1",
                          DB_VALUES(DB_ID(match->message_id)), &conversation_id, NULL, error))
            return FALSE;
        see(search, conversation_id);
    }
    return matches != NULL;
}

static void row_take(Search *search, DbRows *row) {
    SearchHit hit = {.conversation_id = db_rows_id(row, 0), .occurred_at = db_rows_int(row, 1)};
    if (g_hash_table_contains(search->seen, &hit.conversation_id))
        return;
    hit_add(search, &hit, 0);
}

static gboolean listed_find(Search *search, const SearchQuery *query, GError **error) {
    if (!excluded_see(search, query, error))
        return FALSE;
    const SearchCondition *condition = search->condition;
    g_autofree char *sql = g_strdup_printf(
        "SELECT c.id, c.last_message_at FROM conversation c WHERE c.merged_into IS NULL"
        " AND (c.last_message_at, c.id) < ($1, $2) AND c.last_message_at >= %" G_GINT64_FORMAT
        "%s ORDER BY c.last_message_at DESC, c.id DESC",
        condition->after, condition->sql->str);
    gsize count;
    gboolean is_later = search->cursor.instant >= condition->before;
    g_autofree DbValue *values =
        values_of(search, DB_INT(is_later ? condition->before : search->cursor.instant),
                  DB_INT(is_later ? 0 : search->cursor.number), &count);
    g_autoptr(DbRows) rows = db_query(search->db, sql, values, count, error);
    if (rows == NULL)
        return FALSE;
    g_autoptr(GError) failure = NULL;
    while (!search->is_done && db_rows_next(rows, &failure))
        row_take(search, rows);
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean search_run(Search *search, const SearchQuery *query, GError **error) {
    g_autofree char *expression = search_expression(query);
    return expression != NULL ? ranked_find(search, expression, error)
                              : listed_find(search, query, error);
}

SearchPage *search_find(Db *db, const SearchQuery *query, Id me, Id viewer, Instant now,
                        const char *cursor, guint limit, GError **error) {
    g_auto(SearchCondition) condition = {0};
    SearchAsk ask = {
        .me = me, .viewer = viewer, .now = now, .first = 3, .walks = SEARCH_WALK(SEARCH_UPDATED)};
    Search search = {.db = db, .condition = &condition, .limit = CLAMP(limit, 1, PAGE_MAX)};
    if (!search_cursor_parse(cursor, now, &search.cursor, error) ||
        !search_condition_init(&condition, db, query, &ask, error))
        return NULL;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(SearchPage) page = g_new0(SearchPage, 1);
    page->hits = g_array_new(FALSE, FALSE, sizeof(SearchHit));
    search.seen = seen;
    search.page = page;
    return search_run(&search, query, error) ? g_steal_pointer(&page) : NULL;
}
