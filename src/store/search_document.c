#include "store/search_document.h"

#include <string.h>

#include "store/search_lemma.h"
#include "store/search_words.h"

#define WORDS_MAX 50000

const char *const search_field_names[SEARCH_FIELDS] = {
    [SEARCH_SUBJECT] = "subject",       [SEARCH_TEXT] = "text",
    [SEARCH_SENDER] = "sender",         [SEARCH_RECIPIENT] = "recipient",
    [SEARCH_ATTACHMENT] = "attachment",
};

SearchDocument *search_document_new(void) {
    SearchDocument *document = g_new0(SearchDocument, 1);
    document->references = 1;
    document->fields.occurred_at = INSTANT_NONE;
    return document;
}

SearchDocument *search_document_ref(const SearchDocument *document) {
    SearchDocument *same = (SearchDocument *)(guintptr)document; // counting is no change
    __atomic_add_fetch(&same->references, 1, __ATOMIC_RELAXED);
    return same;
}

void search_document_free(SearchDocument *document) {
    if (document == NULL || __atomic_sub_fetch(&document->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    for (guint i = 0; i < SEARCH_FIELDS; i++)
        if (document->fields.fields[i] != NULL)
            g_string_free(document->fields.fields[i], TRUE);
    g_free(document);
}

void search_document_set_occurred(SearchDocument *document, Instant occurred_at) {
    document->fields.occurred_at = occurred_at;
}

void search_forms_append(const char *word, Language language, GPtrArray *forms) {
    if (language < LANGUAGES)
        lemma_append(word, language, forms);
    for (guint each = 0; language == LANGUAGE_UNKNOWN && each < LANGUAGES; each++)
        lemma_append(word, (Language)each, forms);
}

// What the words of one text are appended to.
typedef struct {
    SearchFields *fields;
    GString *to;
    GPtrArray *forms; // NULL: words are names, which have no base forms
    Language language;
} Filling;

static void forms_write(Filling *filling, const char *word) {
    g_ptr_array_set_size(filling->forms, 0);
    search_forms_append(word, filling->language, filling->forms);
    for (guint i = 0; i < filling->forms->len; i++) {
        g_string_append_c(filling->to, FORM_MARK);
        g_string_append(filling->to, filling->forms->pdata[i]);
    }
}

static gboolean word_write(const char *word, WordKind kind, gpointer data) {
    Filling *filling = data;
    if (filling->to->len > 0)
        g_string_append_c(filling->to, WORD_END);
    g_string_append(filling->to, word);
    if (kind == WORD_PLAIN && filling->forms != NULL && !g_ascii_isdigit(*word))
        forms_write(filling, word);
    return ++filling->fields->words < WORDS_MAX;
}

static GString *field_get(SearchDocument *document, SearchField field) {
    GString **at = &document->fields.fields[field];
    if (*at == NULL)
        *at = g_string_new(NULL);
    return *at;
}

static void field_fill(SearchDocument *document, SearchField field, const char *text,
                       gboolean is_name) {
    if (text == NULL || *text == '\0' || document->fields.words >= WORDS_MAX)
        return;
    g_autoptr(GPtrArray) forms = is_name ? NULL : g_ptr_array_new_with_free_func(g_free);
    Filling filling = {
        .fields = &document->fields,
        .to = field_get(document, field),
        .forms = forms,
        .language = is_name ? LANGUAGE_UNKNOWN : language_guess(text),
    };
    search_words_split(text, word_write, &filling);
}

void search_document_add_subject(SearchDocument *document, const char *text) {
    field_fill(document, SEARCH_SUBJECT, text, FALSE);
}

void search_document_add_text(SearchDocument *document, const char *text) {
    field_fill(document, SEARCH_TEXT, text, FALSE);
}

void search_document_add_from(SearchDocument *document, const char *address, const char *name) {
    field_fill(document, SEARCH_SENDER, name, TRUE);
    field_fill(document, SEARCH_SENDER, address, TRUE);
}

void search_document_add_to(SearchDocument *document, const char *address, const char *name) {
    field_fill(document, SEARCH_RECIPIENT, name, TRUE);
    field_fill(document, SEARCH_RECIPIENT, address, TRUE);
}

void search_document_add_attachment(SearchDocument *document, const char *name) {
    GString *field = field_get(document, SEARCH_ATTACHMENT);
    if (field->len == 0)
        g_string_append(field, WORD_FILE);
    field_fill(document, SEARCH_ATTACHMENT, name, FALSE);
}
