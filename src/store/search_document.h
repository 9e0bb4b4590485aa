// Inside of the search: what a document holds. Used by search_document.c, search_index.c and
// search_find.c.
#pragma once

#include "store/search.h"
#include "store/search_language.h"

typedef enum {
    SEARCH_SUBJECT,
    SEARCH_TEXT,
    SEARCH_SENDER,
    SEARCH_RECIPIENT,
    SEARCH_ATTACHMENT,
    SEARCH_FIELDS,
} SearchField;

extern const char *const search_field_names[SEARCH_FIELDS]; // columns of the index

// Words stand one after the other with WORD_END between; further forms of the word before follow
// it after a FORM_MARK. The tokenizer of the index only splits there. No byte of a word is either.
#define WORD_END ' '
#define FORM_MARK '\x1f'

// A word that no text has: stands in the attachment field of documents with attachments.
#define WORD_FILE "=file"

typedef struct {
    GString *fields[SEARCH_FIELDS];
    guint words;
    Instant occurred_at;
} SearchFields;

struct SearchDocument {
    int references; // atomic
    SearchFields fields;
};

SearchDocument *search_document_ref(const SearchDocument *document) G_GNUC_WARN_UNUSED_RESULT;

// Appends the base forms of a word in that language, or in each that could be meant when it is
// unknown; none in others.
void search_forms_append(const char *word, Language language, GPtrArray *forms);
