#include "store/search_language.h"

#include <string.h>

#include "store/search_words.h"

#define WORDS_LOOKED_AT 300
#define WORDS_ENOUGH 25 // a text of so many words has at least one common word of its language

// Words that stand in nearly every text of one language and hardly in the others; sorted.
static const char *const finnish[] = {
    "ei",   "ette", "että",  "hei", "he",   "ja",        "joka",  "jos",  "kanssa", "kiitos",
    "kuin", "kun",  "kyllä", "me",  "mikä", "minun",     "minä",  "mitä", "moi",    "mutta",
    "myös", "ne",   "niin",  "nyt", "oli",  "olen",      "olisi", "ole",  "olla",   "on",
    "ovat", "sekä", "se",    "sen", "siis", "sitä",      "tai",   "tämä", "tämän",  "terveisin",
    "vaan", "vai",  "vielä", "voi", "vain", "voisitteko"};
static const char *const swedish[] = {
    "alla",       "att",   "av",   "blir", "dag", "där",  "den",  "det", "du",
    "efter",      "eller", "en",   "er",   "ett", "från", "för",  "ha",  "har",
    "hälsningar", "hej",   "i",    "inte", "jag", "kan",  "man",  "med", "men",
    "mig",        "min",   "mitt", "när",  "nu",  "ni",   "och",  "om",  "på",
    "så",         "som",   "tack", "till", "var", "vi",   "vill", "är",  "över"};
static const char *const english[] = {
    "a",    "about", "and",    "are",     "at",   "be",    "but",    "can",  "do",  "for",  "from",
    "have", "hello", "i",      "if",      "in",   "is",    "it",     "my",   "not", "of",   "on",
    "or",   "our",   "please", "regards", "so",   "thank", "thanks", "that", "the", "this", "to",
    "was",  "we",    "what",   "when",    "will", "with",  "would",  "you",  "your"};

typedef struct {
    const char *const *words;
    gsize count;
} WordList;

static const WordList lists[LANGUAGES] = {
    [LANGUAGE_FINNISH] = {finnish, G_N_ELEMENTS(finnish)},
    [LANGUAGE_SWEDISH] = {swedish, G_N_ELEMENTS(swedish)},
    [LANGUAGE_ENGLISH] = {english, G_N_ELEMENTS(english)},
};

typedef struct {
    GHashTable *bits; // word -> which lists have it
    guint words;
    guint hits[LANGUAGES];
} Tally;

static gpointer bits_make(gpointer unused) {
    (void)unused;
    GHashTable *bits = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint language = 0; language < LANGUAGES; language++)
        for (gsize i = 0; i < lists[language].count; i++) {
            gpointer key = (gpointer)(guintptr)lists[language].words[i];
            guint present = GPOINTER_TO_UINT(g_hash_table_lookup(bits, key));
            g_hash_table_insert(bits, key, GUINT_TO_POINTER(present | 1U << language));
        }
    return bits;
}

static GHashTable *bits_get(void) {
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, bits_make, NULL);
}

static gboolean word_count(const char *word, WordKind kind, gpointer data) {
    (void)kind;
    Tally *tally = data;
    guint bits = GPOINTER_TO_UINT(g_hash_table_lookup(tally->bits, word));
    for (guint language = 0; language < LANGUAGES; language++)
        tally->hits[language] += bits >> language & 1;
    return ++tally->words < WORDS_LOOKED_AT;
}

Language language_guess(const char *text) {
    Tally tally = {.bits = bits_get()};
    search_words_split(text, word_count, &tally);
    Language best = LANGUAGE_UNKNOWN;
    guint most = 0;
    for (guint language = 0; language < LANGUAGES; language++) {
        if (tally.hits[language] > most) {
            best = (Language)language;
            most = tally.hits[language];
        } else if (tally.hits[language] == most) {
            best = LANGUAGE_UNKNOWN; // a tie says nothing
        }
    }
    return most == 0 && tally.words >= WORDS_ENOUGH ? LANGUAGE_OTHER : best;
}
