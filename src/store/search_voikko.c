#include "store/search_voikko.h"

#include <dlfcn.h>
#include <string.h>

#define ANALYSES_MAX 4
#define PART_CHARACTERS_MIN 3

// The functions of the library that we use. Declared here, since its header is not needed to build.
static struct {
    void *handle;
    void *(*init)(const char **error, const char *language, const char *path);
    void **(*analyze)(void *handle, const char *word); // a list that ends with NULL
    void (*free)(void **analyses);
    char *(*value)(const void *analysis, const char *key);
    void (*value_free)(char *value);
    GMutex lock; // a handle serves one thread at a time
} voikko;

static gboolean symbols_load(void *library) {
    const struct {
        const char *name;
        void *place;
    } symbols[] = {
        {"voikkoInit", &voikko.init},
        {"voikkoAnalyzeWordCstr", &voikko.analyze},
        {"voikko_free_mor_analysis", &voikko.free},
        {"voikko_mor_analysis_value_cstr", &voikko.value},
        {"voikko_free_mor_analysis_value_cstr", &voikko.value_free},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (symbol == NULL)
            return FALSE;
        memcpy(symbols[i].place, &symbol, sizeof symbol);
    }
    return TRUE;
}

static gpointer library_load(gpointer unused) {
    (void)unused;
    void *library = dlopen("libvoikko.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL || !symbols_load(library))
        return NULL;
    const char *failure = NULL;
    voikko.handle = voikko.init(&failure, "fi", NULL);
    return voikko.handle;
}

gboolean voikko_is_there(void) {
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, library_load, NULL) != NULL;
}

static gboolean is_listed(const GPtrArray *lemmas, const char *lemma) {
    return g_ptr_array_find_with_equal_func((GPtrArray *)(guintptr)lemmas, lemma, g_str_equal,
                                            NULL);
}

static void lemma_take(GPtrArray *lemmas, guint limit, char *lemma) {
    if (lemmas->len < limit && *lemma != '\0' && !is_listed(lemmas, lemma))
        g_ptr_array_add(lemmas, lemma);
    else
        g_free(lemma);
}

static gboolean is_part_long_enough(const char *start, const char *end) {
    return g_utf8_pointer_to_offset(start, end) >= PART_CHARACTERS_MIN;
}

// STRUCTURE has one sign a character of the word and = before each part: "=pppppp=pppppppp" tells
// where tilaus|vahvistuksen is joined. The last part is taken from the base form.
static void parts_append(const char *word, const char *base, const char *structure, guint limit,
                         GPtrArray *lemmas) {
    const char *part = word;
    const char *at = word;
    for (const char *sign = structure + (*structure == '='); *sign != '\0' && *at != '\0'; sign++) {
        if (*sign != '=') {
            at = g_utf8_next_char(at);
            continue;
        }
        if (is_part_long_enough(part, at))
            lemma_take(lemmas, limit, g_strndup(part, (gsize)(at - part)));
        part = at;
    }
    gsize offset = (gsize)(part - word);
    if (offset > 0 && strlen(base) > offset && g_ascii_strncasecmp(base, word, offset) == 0)
        lemma_take(lemmas, limit, g_strdup(base + offset));
}

static void analysis_append(const char *word, const void *analysis, guint limit,
                            GPtrArray *lemmas) {
    char *base = voikko.value(analysis, "BASEFORM");
    char *structure = voikko.value(analysis, "STRUCTURE");
    if (base != NULL)
        lemma_take(lemmas, limit, g_strdup(base));
    if (base != NULL && structure != NULL)
        parts_append(word, base, structure, limit, lemmas);
    voikko.value_free(structure);
    voikko.value_free(base);
}

void voikko_append(const char *word, guint limit, GPtrArray *lemmas) {
    g_mutex_lock(&voikko.lock);
    void **analyses = voikko.analyze(voikko.handle, word);
    for (guint i = 0; analyses != NULL && analyses[i] != NULL && i < ANALYSES_MAX; i++)
        analysis_append(word, analyses[i], limit, lemmas);
    if (analyses != NULL)
        voikko.free(analyses);
    g_mutex_unlock(&voikko.lock);
}
