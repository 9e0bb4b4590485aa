#include "store/search_lemma.h"

#include <libstemmer.h>
#include <string.h>

#include "store/search_voikko.h"
#include "store/search_words.h"

#define REMEMBERED 32768 // words in each of the two generations
#define STEM_BYTES_MIN 4 // shorter words are their own stems

static const char *const stemmer_names[LANGUAGES] = {
    [LANGUAGE_FINNISH] = "finnish",
    [LANGUAGE_SWEDISH] = "swedish",
    [LANGUAGE_ENGLISH] = "english",
};

typedef struct {
    struct sb_stemmer *of[LANGUAGES];
} Stemmers;

static void stemmers_free(gpointer data) {
    Stemmers *stemmers = data;
    for (guint language = 0; language < LANGUAGES; language++)
        sb_stemmer_delete(stemmers->of[language]);
    g_free(stemmers);
}

static struct sb_stemmer *stemmer_get(Language language) {
    static GPrivate private = G_PRIVATE_INIT(stemmers_free); // a stemmer serves one thread
    Stemmers *stemmers = g_private_get(&private);
    if (stemmers == NULL) {
        stemmers = g_new0(Stemmers, 1);
        for (guint i = 0; i < LANGUAGES; i++)
            stemmers->of[i] = sb_stemmer_new(stemmer_names[i], "UTF_8");
        g_private_set(&private, stemmers);
    }
    return stemmers->of[language];
}

static void lemma_add(GPtrArray *lemmas, const char *word, const char *lemma) {
    if (strcmp(word, lemma) != 0 &&
        !g_ptr_array_find_with_equal_func(lemmas, lemma, g_str_equal, NULL))
        g_ptr_array_add(lemmas, g_strdup(lemma));
}

static void stem_append(const char *word, Language language, GPtrArray *lemmas) {
    gsize length = strlen(word);
    if (length < STEM_BYTES_MIN)
        return;
    const sb_symbol *stem =
        sb_stemmer_stem(stemmer_get(language), (const sb_symbol *)word, (int)length);
    if (stem != NULL && *stem != '\0')
        lemma_add(lemmas, word, (const char *)stem);
}

// What Voikko said, in two generations: when the young one is full it becomes the old one. Values
// are lists of folded lemmas, NULL-terminated.
static struct {
    GMutex lock;
    GHashTable *young;
    GHashTable *old;
} memory;

static GHashTable *generation_new(void) {
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
}

static void memory_put(const char *word, char **lemmas) {
    if (memory.young == NULL)
        memory.young = generation_new();
    if (g_hash_table_size(memory.young) >= REMEMBERED) {
        g_clear_pointer(&memory.old, g_hash_table_unref);
        memory.old = memory.young;
        memory.young = generation_new();
    }
    g_hash_table_replace(memory.young, g_strdup(word), lemmas);
}

static char **memory_find(const char *word) {
    char **lemmas = memory.young != NULL ? g_hash_table_lookup(memory.young, word) : NULL;
    if (lemmas != NULL || memory.old == NULL)
        return lemmas;
    lemmas = g_hash_table_lookup(memory.old, word);
    if (lemmas == NULL)
        return NULL;
    lemmas = g_strdupv(lemmas); // in use: lives on with the young
    memory_put(word, lemmas);
    return lemmas;
}

static gboolean memory_append(const char *word, GPtrArray *lemmas) {
    g_mutex_lock(&memory.lock);
    char **known = memory_find(word);
    for (char **lemma = known; lemma != NULL && *lemma != NULL; lemma++)
        lemma_add(lemmas, word, *lemma);
    g_mutex_unlock(&memory.lock);
    return known != NULL;
}

typedef struct {
    GPtrArray *folded;
} Folding;

static gboolean folded_take(const char *word, WordKind kind, gpointer data) {
    Folding *folding = data;
    if (kind == WORD_PLAIN && folding->folded->len < LEMMAS_MAX)
        g_ptr_array_add(folding->folded, g_strdup(word));
    return TRUE;
}

static void voikko_ask(const char *word, GPtrArray *lemmas) {
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    voikko_append(word, LEMMAS_MAX, found);
    Folding folding = {.folded = g_ptr_array_new()};
    for (guint i = 0; i < found->len; i++)
        search_words_split(found->pdata[i], folded_take, &folding);
    for (guint i = 0; i < folding.folded->len; i++)
        lemma_add(lemmas, word, folding.folded->pdata[i]);
    g_ptr_array_add(folding.folded, NULL);
    g_mutex_lock(&memory.lock);
    memory_put(word, (char **)g_ptr_array_free(folding.folded, FALSE));
    g_mutex_unlock(&memory.lock);
}

void lemma_append(const char *word, Language language, GPtrArray *lemmas) {
    if (language != LANGUAGE_FINNISH || !voikko_is_there())
        stem_append(word, language, lemmas);
    else if (!memory_append(word, lemmas))
        voikko_ask(word, lemmas);
}

const char *lemma_engine(void) {
    return voikko_is_there() ? "voikko" : "snowball";
}
