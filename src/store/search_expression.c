#include "store/search_expression.h"

#include <string.h>

#include "store/search_document.h"
#include "store/search_variants.h"
#include "store/search_words.h"

#define PREFIX_BYTES_MIN 3 // tila* but not t*

// Column filters of the index, by place.
static const char *const places[] = {
    [SEARCH_IN_ALL] = "",
    [SEARCH_IN_SENDER] = "sender : ",
    [SEARCH_IN_RECIPIENT] = "recipient : ",
    [SEARCH_IN_SUBJECT] = "subject : ",
    [SEARCH_HAS_FILE] = "attachment : ",
};

typedef struct {
    GPtrArray *words; // of char *, owned
    WordKind last;
} TermWords;

static gboolean word_take(const char *word, WordKind kind, gpointer data) {
    TermWords *words = data;
    // In the index a run ends with its last character alone; what is asked may go on there.
    if (kind == WORD_SINGLE && words->words->len > 0 && words->last == WORD_PAIR)
        return TRUE;
    words->last = kind;
    g_ptr_array_add(words->words, g_strdup(word));
    return TRUE;
}

// One word that is no phrase is found in its other forms too, and without its dots and rings.
static void forms_append(GString *out, const char *word) {
    g_autoptr(GPtrArray) forms = g_ptr_array_new_with_free_func(g_free);
    if (!g_ascii_isdigit(*word)) {
        search_forms_append(word, LANGUAGE_UNKNOWN, forms);
        search_variants_append(word, forms);
    }
    for (guint i = 0; i < forms->len; i++) {
        g_string_append_c(out, FORM_MARK);
        g_string_append(out, forms->pdata[i]);
    }
}

static gboolean is_prefix(const SearchTerm *term, const TermWords *words) {
    if (words->last == WORD_SINGLE)
        return TRUE;
    const char *last = words->words->pdata[words->words->len - 1];
    return !term->is_phrase && g_str_has_suffix(term->text, "*") && words->last == WORD_PLAIN &&
           strlen(last) >= PREFIX_BYTES_MIN;
}

static void words_write(GString *out, const SearchTerm *term, const TermWords *words) {
    gboolean prefix = is_prefix(term, words);
    g_string_append_printf(out, "%s\"", places[term->place]);
    for (guint i = 0; i < words->words->len; i++) {
        if (i > 0)
            g_string_append_c(out, WORD_END);
        g_string_append(out, words->words->pdata[i]);
    }
    if (words->words->len == 1 && words->last == WORD_PLAIN && !term->is_phrase && !prefix)
        forms_append(out, words->words->pdata[0]);
    g_string_append(out, prefix ? "\" *" : "\"");
}

// One term; nothing when it has no word.
static void term_write(GString *out, const SearchTerm *term) {
    if (term->place == SEARCH_HAS_FILE) {
        g_string_append_printf(out, "%s\"%s\"", places[term->place], WORD_FILE);
        return;
    }
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    TermWords words = {.words = list};
    search_words_split(term->text, word_take, &words);
    if (list->len > 0)
        words_write(out, term, &words);
}

static void part_append(GString *out, const char *between, const char *part) {
    if (*part != '\0')
        g_string_append_printf(out, "%s%s", out->len > 0 ? between : "", part);
}

// Alternatives of one group, from at on to its end.
static void group_append(GString *out, const SearchQuery *query, guint *at, gboolean excluded,
                         const char *between) {
    g_autoptr(GString) group = g_string_new(NULL);
    guint number = ((const SearchTerm *)query->terms->pdata[*at])->group;
    guint count = 0;
    for (; *at < query->terms->len; ++*at) {
        const SearchTerm *term = query->terms->pdata[*at];
        g_autoptr(GString) one = g_string_new(NULL);
        if (term->group != number)
            break;
        if (term->is_excluded == excluded)
            term_write(one, term);
        count += one->len > 0;
        part_append(group, " OR ", one->str);
    }
    g_autofree char *braced =
        count > 1 ? g_strdup_printf("(%s)", group->str) : g_strdup(group->str);
    part_append(out, between, braced);
}

static char *terms_write(const SearchQuery *query, gboolean excluded, const char *between) {
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint at = 0; at < query->terms->len;)
        group_append(out, query, &at, excluded, between);
    return out->len > 0 ? g_strdup(out->str) : NULL;
}

char *search_expression_excluded(const SearchQuery *query) {
    return terms_write(query, TRUE, " OR ");
}

char *search_expression(const SearchQuery *query) {
    char *wanted = terms_write(query, FALSE, " AND ");
    g_autofree char *unwanted = search_expression_excluded(query);
    if (wanted == NULL || unwanted == NULL)
        return wanted;
    g_autofree char *alone = wanted;
    return g_strdup_printf("(%s) NOT (%s)", alone, unwanted);
}
