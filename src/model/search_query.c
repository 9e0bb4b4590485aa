#include "model/search_query.h"

#include <string.h>

#include "base/error.h"
#include "model/search_period.h"
#include "model/search_vocabulary.h"

#define OPERATOR_BYTES_MAX 32

static void term_free(gpointer data) {
    SearchTerm *term = data;
    g_free(term->text);
    g_free(term);
}

static void filter_free(gpointer data) {
    SearchFilter *filter = data;
    g_free(filter->value);
    g_free(filter->key);
    g_free(filter);
}

SearchQuery *search_query_new(void) {
    SearchQuery *query = g_new0(SearchQuery, 1);
    query->terms = g_ptr_array_new_with_free_func(term_free);
    query->filters = g_ptr_array_new_with_free_func(filter_free);
    return query;
}

void search_query_require(SearchQuery *query, SearchFilterKind kind, const char *value) {
    SearchFilter *filter = g_new0(SearchFilter, 1);
    filter->kind = kind;
    filter->value = g_utf8_strdown(value, -1);
    filter->group = query->filters->len + 1;
    g_ptr_array_add(query->filters, filter);
}

void search_query_free(SearchQuery *query) {
    if (query == NULL)
        return;
    g_ptr_array_unref(query->terms);
    g_ptr_array_unref(query->filters);
    g_free(query);
}

// Kinds of which several are alternatives even without OR.
static const gboolean is_alternative[SEARCH_FILTER_KINDS] = {
    [SEARCH_STATUS] = TRUE,   [SEARCH_CHANNEL] = TRUE,  [SEARCH_AGENT] = TRUE,
    [SEARCH_TEAM] = TRUE,     [SEARCH_CUSTOMER] = TRUE, [SEARCH_LANGUAGE] = TRUE,
    [SEARCH_PRIORITY] = TRUE, [SEARCH_NUMBER] = TRUE,
};

// Where the parser stands.
typedef struct {
    SearchQuery *query;
    guint groups;
    guint group;         // of the piece before; 0: there was none
    gboolean is_joining; // OR came after it
    gboolean was_term;
    gboolean was_alone;                     // it may not be joined
    guint kind_groups[SEARCH_FILTER_KINDS]; // the group that further ones of a kind join; 0: none
} Parser;

// One piece of the line: -operator:"value".
typedef struct {
    gboolean is_excluded;
    char *name; // of the operator, as typed; NULL: none
    const SearchOperator *operator;
    char *value;
    gboolean is_quoted;
} Piece;

static void piece_clear(Piece *piece) {
    g_free(piece->name);
    g_free(piece->value);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Piece, piece_clear)

static gboolean refuse(GError **error, const Piece *piece, const char *expected) {
    error_set(error, ERROR_INVALID, "search_invalid", "%s:%.40s is not understood: %s",
              piece->name != NULL ? piece->name : "OR", piece->value, expected);
    return FALSE;
}

static gboolean limit_reached(const GPtrArray *list, guint limit, GError **error) {
    if (list->len < limit)
        return FALSE;
    error_set(error, ERROR_INVALID, "search_too_long", "a search has at most %u parts", limit);
    return TRUE;
}

// Whether OR may stand between the piece before and this one.
static gboolean check_join(const Parser *parser, const Piece *piece, gboolean is_term,
                           gboolean is_alone, GError **error) {
    if (!parser->is_joining)
        return TRUE;
    if (parser->was_alone || is_alone)
        return refuse(error, piece, "OR takes no before:, after: or excluded word beside it");
    if (parser->was_term != is_term)
        return refuse(error, piece,
                      "OR joins words (from:, to:, subject:, has:attachment too) with"
                      " words, and other operators with each other");
    return TRUE;
}

static void forget_kind_groups(Parser *parser, guint group) {
    for (guint kind = 0; kind < SEARCH_FILTER_KINDS; kind++)
        if (parser->kind_groups[kind] == group)
            parser->kind_groups[kind] = 0;
}

static guint group_of(Parser *parser, SearchFilterKind kind, gboolean is_excluded) {
    gboolean joins_kind = kind < SEARCH_FILTER_KINDS && is_alternative[kind] && !is_excluded;
    if (parser->is_joining)
        forget_kind_groups(parser, parser->group);
    else if (joins_kind && parser->kind_groups[kind] != 0)
        parser->group = parser->kind_groups[kind];
    else
        parser->group = ++parser->groups;
    if (joins_kind && !parser->is_joining)
        parser->kind_groups[kind] = parser->group;
    parser->is_joining = FALSE;
    return parser->group;
}

static gboolean term_add(Parser *parser, const Piece *piece, SearchPlace place, const char *text,
                         GError **error) {
    if (limit_reached(parser->query->terms, SEARCH_TERMS_MAX, error) ||
        !check_join(parser, piece, TRUE, piece->is_excluded, error))
        return FALSE;
    SearchTerm *term = g_new0(SearchTerm, 1);
    term->place = place;
    term->text = g_strdup(text);
    term->is_phrase = piece->is_quoted;
    term->is_excluded = piece->is_excluded;
    term->group = group_of(parser, SEARCH_FILTER_KINDS, piece->is_excluded);
    parser->was_term = TRUE;
    parser->was_alone = piece->is_excluded;
    g_ptr_array_add(parser->query->terms, term);
    return TRUE;
}

static gboolean filter_add(Parser *parser, const Piece *piece, SearchFilter draft,
                           const char *value, GError **error) {
    gboolean is_alone = draft.kind == SEARCH_BEFORE || draft.kind == SEARCH_AFTER;
    if (limit_reached(parser->query->filters, SEARCH_FILTERS_MAX, error) ||
        !check_join(parser, piece, FALSE, is_alone, error))
        return FALSE;
    draft.value = draft.kind == SEARCH_FIELD ? g_strdup(value) : g_utf8_strdown(value, -1);
    draft.is_excluded = piece->is_excluded;
    draft.group = group_of(parser, draft.kind, piece->is_excluded);
    parser->was_term = FALSE;
    parser->was_alone = is_alone;
    g_ptr_array_add(parser->query->filters, g_memdup2(&draft, sizeof draft));
    return TRUE;
}

static const SearchWord *word_of(const Piece *piece, const SearchWord *words) {
    g_autofree char *lower = g_utf8_strdown(piece->value, -1);
    return piece->is_quoted ? NULL : search_word_find(words, lower);
}

static gboolean person_take(Parser *parser, const Piece *piece, GError **error) {
    const SearchWord *word = word_of(piece, search_person_words);
    SearchFilter filter = {.kind = (SearchFilterKind)piece->operator->detail,
                           .who = word != NULL ? (SearchWho)word->detail : SEARCH_NAMED};
    return filter_add(parser, piece, filter, word != NULL ? "" : piece->value, error);
}

// participant:me is who answered in it; anybody else is meant by an address.
static gboolean participant_take(Parser *parser, const Piece *piece, GError **error) {
    const SearchWord *word = word_of(piece, search_person_words);
    SearchFilter filter = {.kind = SEARCH_PARTICIPANT};
    if (word != NULL && word->detail == SEARCH_ME)
        filter = (SearchFilter){.kind = SEARCH_WRITER, .who = SEARCH_ME};
    return filter_add(parser, piece, filter, filter.who == SEARCH_ME ? "" : piece->value, error);
}

// key=value, or key alone.
static gboolean field_take(Parser *parser, const Piece *piece, GError **error) {
    const char *equals = strchr(piece->value, '=');
    SearchFilter filter = {.kind = SEARCH_FIELD};
    filter.key = equals != NULL ? g_strndup(piece->value, (gsize)(equals - piece->value)) : NULL;
    if (filter_add(parser, piece, filter, equals != NULL ? equals + 1 : piece->value, error))
        return TRUE;
    g_free(filter.key);
    return FALSE;
}

static gboolean has_take(Parser *parser, const Piece *piece, GError **error) {
    const SearchWord *word = word_of(piece, search_has_words);
    if (word == NULL)
        return refuse(error, piece, "has: takes attachment, note or draft");
    if (word->detail < 0)
        return term_add(parser, piece, SEARCH_HAS_FILE, "", error);
    SearchFilter filter = {.kind = (SearchFilterKind)word->detail};
    return filter_add(parser, piece, filter, "", error);
}

static gboolean is_take(Parser *parser, const Piece *piece, GError **error) {
    const SearchWord *word = word_of(piece, search_is_words);
    if (word == NULL)
        return refuse(error, piece,
                      "is: takes open, pending, snoozed, resolved, unassigned, mine, unread or "
                      "waiting");
    SearchFilter filter = {.kind = (SearchFilterKind)word->detail};
    g_autofree char *name = search_word_name(word);
    filter.who = filter.kind == SEARCH_AGENT ? SEARCH_ME : SEARCH_NAMED;
    return filter_add(parser, piece, filter, filter.kind == SEARCH_STATUS ? name : "", error);
}

static gboolean priority_take(Parser *parser, const Piece *piece, GError **error) {
    const SearchWord *word = word_of(piece, search_priority_words);
    if (word == NULL)
        return refuse(error, piece, "priority: takes low, normal, high or urgent");
    SearchFilter filter = {.kind = SEARCH_PRIORITY, .low = word->number};
    return filter_add(parser, piece, filter, "", error);
}

static gboolean sla_take(Parser *parser, const Piece *piece, GError **error) {
    const SearchWord *word = word_of(piece, search_sla_words);
    if (word == NULL)
        return refuse(error, piece, "sla: takes breached, risk or any");
    SearchFilter filter = {.kind = SEARCH_SLA, .low = word->number};
    return filter_add(parser, piece, filter, "", error);
}

static gboolean number_take(Parser *parser, const Piece *piece, GError **error) {
    SearchFilter filter = {.kind = (SearchFilterKind)piece->operator->detail };
    const char *digits = piece->value + (*piece->value == '#');
    if (!g_ascii_string_to_signed(digits, 10, 1, G_MAXINT64, &filter.low, NULL))
        return refuse(error, piece, "write a number as 10231");
    return filter_add(parser, piece, filter, "", error);
}

static gboolean period_take(Parser *parser, const Piece *piece, GError **error) {
    SearchFilter filter = {.kind = (SearchFilterKind)piece->operator->detail };
    g_autofree char *lower = g_utf8_strdown(piece->value, -1);
    g_autofree char *upper = g_utf8_strup(piece->value, -1); // instants have a T and a Z
    if (!search_period_parse(lower, &filter) && !search_period_parse(upper, &filter))
        return refuse(error, piece, "write 2026-11, 2026-11-23, 2026-10..2026-11, >7d or <2h");
    return filter_add(parser, piece, filter, "", error);
}

static gboolean day_take(Parser *parser, const Piece *piece, GError **error) {
    SearchFilter filter = {.kind = (SearchFilterKind)piece->operator->detail };
    filter.low = search_day_parse(piece->value);
    if (filter.low == INSTANT_NONE)
        return refuse(error, piece, "write a day as 2026-11-23, a month as 2026-11");
    return filter_add(parser, piece, filter, "", error);
}

static gboolean name_take(Parser *parser, const Piece *piece, GError **error) {
    SearchFilter filter = {.kind = (SearchFilterKind)piece->operator->detail };
    return filter_add(parser, piece, filter, piece->value, error);
}

static gboolean place_take(Parser *parser, const Piece *piece, GError **error) {
    return term_add(parser, piece, (SearchPlace)piece->operator->detail, piece->value, error);
}

typedef gboolean (*Take)(Parser *parser, const Piece *piece, GError **error);

static const Take takes[] = {
    [OPERATOR_PLACE] = place_take,
    [OPERATOR_NAME] = name_take,
    [OPERATOR_PERSON] = person_take,
    [OPERATOR_PERIOD] = period_take,
    [OPERATOR_DAY] = day_take,
    [OPERATOR_NUMBER] = number_take,
    [OPERATOR_PRIORITY] = priority_take,
    [OPERATOR_IS] = is_take,
    [OPERATOR_HAS] = has_take,
    [OPERATOR_SLA] = sla_take,
    [OPERATOR_PARTICIPANT] = participant_take,
    [OPERATOR_FIELD] = field_take,
};

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

// Bytes before a colon that could be a name; 0: none.
static gsize name_length(const char *at) {
    gsize length = strcspn(at, ": \t\n\r\"");
    return at[length] == ':' && length <= OPERATOR_BYTES_MAX ? length : 0;
}

static const char *piece_read(const char *at, Piece *piece) {
    piece->is_excluded = at[0] == '-' && at[1] != '\0' && !is_space(at[1]);
    at += piece->is_excluded;
    gsize length = name_length(at);
    g_autofree char *name = g_utf8_strdown(at, (gssize)length);
    piece->operator= length> 0 ? search_operator_find(name) : NULL;
    if (piece->operator!= NULL) {
        piece->name = g_steal_pointer(&name);
        at += length + 1;
    }
    return value_read(at, piece);
}

static gboolean is_or(const Parser *parser, const Piece *piece) {
    return parser->group != 0 && !parser->is_joining && !piece->is_quoted && !piece->is_excluded &&
           search_word_find(search_or_words, piece->value) != NULL;
}

static gboolean piece_take(Parser *parser, const Piece *piece, GError **error) {
    if (piece->operator!= NULL && * piece->value == '\0')
        return refuse(error, piece, "a value must follow without a space");
    if (piece->operator!= NULL)
        return takes[piece->operator->shape](parser, piece, error);
    if (*piece->value == '\0')
        return TRUE;
    if (!is_or(parser, piece))
        return term_add(parser, piece, SEARCH_IN_ALL, piece->value, error);
    parser->is_joining = TRUE;
    return TRUE;
}

static gint compare_groups(gconstpointer a, gconstpointer b) {
    const SearchFilter *one = *(const SearchFilter *const *)a;
    const SearchFilter *other = *(const SearchFilter *const *)b;
    return (one->group > other->group) - (one->group < other->group);
}

SearchQuery *search_query_parse(const char *line, GError **error) {
    if (strlen(line) > SEARCH_LINE_MAX || !g_utf8_validate(line, -1, NULL)) {
        error_set(error, ERROR_INVALID, "search_too_long",
                  "a search is one line of at most %d bytes of UTF-8", SEARCH_LINE_MAX);
        return NULL;
    }
    g_autoptr(SearchQuery) query = search_query_new();
    Parser parser = {.query = query};
    while (*line != '\0') {
        g_auto(Piece) piece = {0};
        if (is_space(*line)) {
            line++;
            continue;
        }
        line = piece_read(line, &piece);
        if (!piece_take(&parser, &piece, error))
            return NULL;
    }
    g_ptr_array_sort(query->filters, compare_groups);
    return g_steal_pointer(&query);
}

gboolean search_query_asks_who(const SearchQuery *query) {
    for (guint at = 0; at < query->filters->len; at++) {
        const SearchFilter *filter = query->filters->pdata[at];
        if (filter->who == SEARCH_ME || filter->kind == SEARCH_UNREAD ||
            filter->kind == SEARCH_DRAFT)
            return TRUE;
    }
    return FALSE;
}

gboolean search_query_asks_when(const SearchQuery *query) {
    for (guint at = 0; at < query->filters->len; at++) {
        const SearchFilter *filter = query->filters->pdata[at];
        if (filter->is_age || filter->kind == SEARCH_SLA)
            return TRUE;
    }
    return FALSE;
}
