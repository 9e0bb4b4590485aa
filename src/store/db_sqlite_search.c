// The search index's place within SQLite: a tokenizer that splits what search_document.c has
// analysed, and the ranking of matches. Both are registered with each connection.
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "base/error.h"
#include "store/db_sqlite.h"
#include "store/search_document.h"

#define MILLISECONDS_A_DAY 86400000.0

static int tokenizer_new(void *data, const char **arguments, int count, Fts5Tokenizer **tokenizer) {
    (void)data;
    (void)arguments;
    (void)count;
    static int nothing; // it has no state, but must not be NULL
    *tokenizer = (Fts5Tokenizer *)&nothing;
    return SQLITE_OK;
}

static void tokenizer_free(Fts5Tokenizer *tokenizer) {
    (void)tokenizer;
}

typedef int (*TokenSink)(void *, int, const char *, int, int, int);

static int text_tokenize(Fts5Tokenizer *tokenizer, void *data, int why, const char *text,
                         int length, TokenSink sink) {
    (void)tokenizer;
    (void)why;
    int flags = 0;
    int start = 0;
    for (int at = 0; at <= length; at++) {
        if (at < length && text[at] != WORD_END && text[at] != FORM_MARK)
            continue;
        int code = at > start ? sink(data, flags, text + start, at - start, start, at) : SQLITE_OK;
        if (code != SQLITE_OK)
            return code;
        flags = at < length && text[at] == FORM_MARK ? FTS5_TOKEN_COLOCATED : 0;
        start = at + 1;
    }
    return SQLITE_OK;
}

#define PHRASES_MAX 32
#define COUNT_MAX 5000 // rows counted a phrase; more are estimated
#define K1 1.2
#define B 0.75
#define AGE_SHARE 0.5 // of the score that fades
#define AGE_DAYS 90.0 // half of that is gone after so long

static const double field_weights[SEARCH_FIELDS] = {
    [SEARCH_SUBJECT] = 3.0,   [SEARCH_TEXT] = 1.0,       [SEARCH_SENDER] = 2.0,
    [SEARCH_RECIPIENT] = 1.0, [SEARCH_ATTACHMENT] = 1.5,
};

// What a query knows of its phrases and the index, made with the first match.
typedef struct {
    double rarity[PHRASES_MAX]; // inverse document frequency
    int phrases;
    double average_words;
} Ranking;

typedef struct {
    gint64 count;
    gint64 last; // row that was counted last
} PhraseCount;

static int match_count(const Fts5ExtensionApi *api, Fts5Context *match, void *data) {
    PhraseCount *count = data;
    count->last = api->xRowid(match);
    return ++count->count < COUNT_MAX ? SQLITE_OK : SQLITE_DONE;
}

// Counting all rows of a common word would take longer than the search itself.
static double rarity_of(const Fts5ExtensionApi *api, Fts5Context *match, int phrase, double rows) {
    PhraseCount count = {0};
    api->xQueryPhrase(match, phrase, &count, match_count);
    double found = (double)count.count;
    if (count.count >= COUNT_MAX && count.last > 0)
        found = MAX(found, MIN(rows, rows * found / (double)count.last));
    return MAX(log((rows - found + 0.5) / (found + 0.5)), 1e-6);
}

static Ranking *ranking_new(const Fts5ExtensionApi *api, Fts5Context *match) {
    Ranking *ranking = g_new0(Ranking, 1);
    sqlite3_int64 rows = 0;
    sqlite3_int64 words = 0;
    api->xRowCount(match, &rows);
    api->xColumnTotalSize(match, -1, &words);
    ranking->average_words = MAX(1.0, (double)words / (double)MAX(rows, 1));
    ranking->phrases = MIN(api->xPhraseCount(match), PHRASES_MAX);
    for (int i = 0; i < ranking->phrases; i++)
        ranking->rarity[i] = rarity_of(api, match, i, (double)rows);
    return ranking;
}

// How often a phrase stands in the match, by the weight of the fields where it stands.
static double phrase_weight(const Fts5ExtensionApi *api, Fts5Context *match, int phrase) {
    Fts5PhraseIter at;
    int field = -1;
    int offset = 0;
    double weight = 0;
    if (api->xPhraseFirst(match, phrase, &at, &field, &offset) != SQLITE_OK)
        return 0;
    for (; field >= 0; api->xPhraseNext(match, &at, &field, &offset))
        weight += field < SEARCH_FIELDS ? field_weights[field] : 0;
    return weight;
}

static double relevance(const Fts5ExtensionApi *api, Fts5Context *match, const Ranking *ranking,
                        double words) {
    double length = K1 * (1 - B + B * words / ranking->average_words);
    double sum = 0;
    for (int i = 0; i < ranking->phrases; i++) {
        double often = phrase_weight(api, match, i);
        sum += ranking->rarity[i] * often * (K1 + 1) / (often + length);
    }
    return sum;
}

// search_rank(search, words, occurred_at, now): BM25 of the match, fading with its age.
static void match_rank(const Fts5ExtensionApi *api, Fts5Context *match, sqlite3_context *result,
                       int count, sqlite3_value **values) {
    if (count != 3) {
        sqlite3_result_error(result, "search_rank takes words, occurred_at, now", -1);
        return;
    }
    Ranking *ranking = api->xGetAuxdata(match, 0);
    if (ranking == NULL) {
        ranking = ranking_new(api, match);
        if (api->xSetAuxdata(match, ranking, g_free) != SQLITE_OK) {
            sqlite3_result_error_nomem(result);
            return;
        }
    }
    double age = (double)(sqlite3_value_int64(values[2]) - sqlite3_value_int64(values[1]));
    double fresh = exp2(-MAX(age, 0) / MILLISECONDS_A_DAY / AGE_DAYS);
    double score = relevance(api, match, ranking, sqlite3_value_double(values[0]));
    sqlite3_result_double(result, score * (1 - AGE_SHARE + AGE_SHARE * fresh));
}

static fts5_api *api_find(Db *db) {
    fts5_api *api = NULL;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db->handle, "SELECT fts5(?1)", -1, &statement, NULL) != SQLITE_OK)
        return NULL;
    sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
    sqlite3_step(statement);
    sqlite3_finalize(statement);
    return api;
}

gboolean db_sqlite_search_add(Db *db, GError **error) {
    fts5_api *api = api_find(db);
    fts5_tokenizer tokenizer = {tokenizer_new, tokenizer_free, text_tokenize};
    if (api != NULL && api->xCreateTokenizer(api, "dialogd", NULL, &tokenizer, NULL) == SQLITE_OK &&
        api->xCreateFunction(api, "search_rank", NULL, match_rank, NULL) == SQLITE_OK)
        return TRUE;
    error_set(error, ERROR_INTERNAL, "fts5_missing", "this SQLite has no FTS5");
    return FALSE;
}
