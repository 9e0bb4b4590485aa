#include "model/search_query.h"

#include <string.h>

#include "base/error.h"

static void term_free(gpointer data) {
    SearchTerm *term = data;
    g_free(term->text);
    g_free(term);
}

static void filter_free(gpointer data) {
    SearchFilter *filter = data;
    g_free(filter->value);
    g_free(filter);
}

static SearchQuery *query_new(void) {
    SearchQuery *query = g_new0(SearchQuery, 1);
    query->terms = g_ptr_array_new_with_free_func(term_free);
    query->filters = g_ptr_array_new_with_free_func(filter_free);
    return query;
}

void search_query_free(SearchQuery *query) {
    if (query == NULL)
        return;
    g_ptr_array_unref(query->terms);
    g_ptr_array_unref(query->filters);
    g_free(query);
}

// One piece of the line: -operator:"value".
typedef struct {
    gboolean is_excluded;
    char *operator; // lower case, or NULL
    char *value;
    gboolean is_quoted;
} Piece;

static void piece_clear(Piece *piece) {
    g_free(piece->operator);
    g_free(piece->value);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Piece, piece_clear)

typedef gboolean (*Take)(SearchQuery *query, const Piece *piece, int detail, GError **error);

static gboolean refuse(GError **error, const Piece *piece, const char *expected) {
    error_set(error, ERROR_INVALID, "search_invalid", "%s:%.40s is not understood: %s",
              piece->operator, piece->value, expected);
    return FALSE;
}

static gboolean limit_reached(const GPtrArray *list, guint limit, GError **error) {
    if (list->len < limit)
        return FALSE;
    error_set(error, ERROR_INVALID, "search_too_long", "a search has at most %u parts", limit);
    return TRUE;
}

static gboolean term_take(SearchQuery *query, const Piece *piece, int place, GError **error) {
    if (limit_reached(query->terms, SEARCH_TERMS_MAX, error))
        return FALSE;
    SearchTerm *term = g_new0(SearchTerm, 1);
    term->place = (SearchPlace)place;
    term->text = g_strdup(piece->value);
    term->is_phrase = piece->is_quoted;
    term->is_excluded = piece->is_excluded;
    g_ptr_array_add(query->terms, term);
    return TRUE;
}

static gboolean filter_add(SearchQuery *query, const Piece *piece, SearchFilterKind kind,
                           const char *value, Instant instant, GError **error) {
    if (limit_reached(query->filters, SEARCH_FILTERS_MAX, error))
        return FALSE;
    SearchFilter *filter = g_new0(SearchFilter, 1);
    filter->kind = kind;
    filter->value = g_utf8_strdown(value, -1);
    filter->instant = instant;
    filter->is_excluded = piece->is_excluded;
    g_ptr_array_add(query->filters, filter);
    return TRUE;
}

static gboolean name_take(SearchQuery *query, const Piece *piece, int kind, GError **error) {
    return filter_add(query, piece, (SearchFilterKind)kind, piece->value, INSTANT_NONE, error);
}

static gboolean has_take(SearchQuery *query, const Piece *piece, int detail, GError **error) {
    (void)detail;
    if (g_ascii_strcasecmp(piece->value, "attachment") != 0)
        return refuse(error, piece, "has: takes attachment");
    Piece file = {.is_excluded = piece->is_excluded, .value = (char[]){""}};
    return term_take(query, &file, SEARCH_HAS_FILE, error);
}

static gboolean is_take(SearchQuery *query, const Piece *piece, int detail, GError **error) {
    (void)detail;
    static const char *const statuses[] = {"open", "pending", "snoozed", "resolved", NULL};
    g_autofree char *value = g_ascii_strdown(piece->value, -1);
    if (strcmp(value, "unassigned") == 0)
        return filter_add(query, piece, SEARCH_UNASSIGNED, "", INSTANT_NONE, error);
    if (g_strv_contains(statuses, value))
        return filter_add(query, piece, SEARCH_STATUS, value, INSTANT_NONE, error);
    return refuse(error, piece, "is: takes open, pending, snoozed, resolved or unassigned");
}

// "2026", "2026-11", "2026-11-23": the beginning of it.
static Instant day_parse(const char *value) {
    static const char *const rests[] = {
        [4] = "-01-01T00:00:00Z", [7] = "-01T00:00:00Z", [10] = "T00:00:00Z"};
    gsize length = strlen(value);
    if (length >= G_N_ELEMENTS(rests) || rests[length] == NULL)
        return instant_parse(value, NULL);
    g_autofree char *full = g_strconcat(value, rests[length], NULL);
    return instant_parse(full, NULL);
}

static gboolean date_take(SearchQuery *query, const Piece *piece, int kind, GError **error) {
    Instant instant = day_parse(piece->value);
    if (instant == INSTANT_NONE)
        return refuse(error, piece, "write a day as 2026-11-23, a month as 2026-11");
    return filter_add(query, piece, (SearchFilterKind)kind, "", instant, error);
}

static const struct {
    const char *name;
    Take take;
    int detail;
} operators[] = {
    {"from", term_take, SEARCH_IN_SENDER},
    {"to", term_take, SEARCH_IN_RECIPIENT},
    {"subject", term_take, SEARCH_IN_SUBJECT},
    {"has", has_take, 0},
    {"is", is_take, 0},
    {"channel", name_take, SEARCH_CHANNEL},
    {"tag", name_take, SEARCH_TAG},
    {"agent", name_take, SEARCH_AGENT},
    {"before", date_take, SEARCH_BEFORE},
    {"after", date_take, SEARCH_AFTER},
};

static gsize operator_find(const char *name, gsize length) {
    gsize i = 0;
    while (i < G_N_ELEMENTS(operators) && (strlen(operators[i].name) != length ||
                                           g_ascii_strncasecmp(operators[i].name, name, length)))
        i++;
    return i;
}

static gboolean is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// A value ends with its closing quote, or at white space. A quote that is never closed ends with
// the line.
static const char *value_read(const char *at, Piece *piece) {
    piece->is_quoted = *at == '"';
    const char *start = at + piece->is_quoted;
    const char *end = start;
    while (*end != '\0' && (piece->is_quoted ? *end != '"' : !is_space(*end)))
        end++;
    piece->value = g_strndup(start, (gsize)(end - start));
    return piece->is_quoted && *end == '"' ? end + 1 : end;
}

static const char *piece_read(const char *at, Piece *piece) {
    piece->is_excluded = at[0] == '-' && at[1] != '\0' && !is_space(at[1]);
    at += piece->is_excluded;
    gsize length = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (at[length] == ':' && operator_find(at, length) < G_N_ELEMENTS(operators)) {
        piece->operator= g_ascii_strdown(at, (gssize)length);
        at += length + 1;
    }
    return value_read(at, piece);
}

static gboolean piece_take(SearchQuery *query, const Piece *piece, GError **error) {
    if (piece->operator== NULL)
        return *piece->value == '\0' || term_take(query, piece, SEARCH_IN_ALL, error);
    gsize i = operator_find(piece->operator, strlen(piece->operator));
    if (*piece->value == '\0')
        return refuse(error, piece, "a value must follow without a space");
    return operators[i].take(query, piece, operators[i].detail, error);
}

SearchQuery *search_query_parse(const char *line, GError **error) {
    if (strlen(line) > SEARCH_LINE_MAX || !g_utf8_validate(line, -1, NULL)) {
        error_set(error, ERROR_INVALID, "search_too_long",
                  "a search is one line of at most %d bytes of UTF-8", SEARCH_LINE_MAX);
        return NULL;
    }
    g_autoptr(SearchQuery) query = query_new();
    while (*line != '\0') {
        g_auto(Piece) piece = {0};
        if (is_space(*line)) {
            line++;
            continue;
        }
        line = piece_read(line, &piece);
        if (!piece_take(query, &piece, error))
            return NULL;
    }
    return g_steal_pointer(&query);
}
