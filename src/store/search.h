// The search index: words of subject, text, names, addresses and attachment names of messages. What
// costs time (folding, lemmas) is done outside the writer in search_document_new; the writer only
// stores. Used by desk (adding). Finding: store/search_find.h. doc/decisions/0021-search.md.
#pragma once

#include "store/db.h"

typedef struct SearchDocument SearchDocument;

// A new, empty document. Any thread; not shared between threads while it is filled.
SearchDocument *search_document_new(void) G_GNUC_WARN_UNUSED_RESULT;
void search_document_free(SearchDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SearchDocument, search_document_free)

// When the message occurred, for before:, after: and ranking; without it, the instant of its id.
void search_document_set_occurred(SearchDocument *document, Instant occurred_at);

// Analyse and append text to a field. NULL and "" add nothing; invalid UTF-8 is skipped. At most
// 50,000 words a document are kept.
void search_document_add_subject(SearchDocument *document, const char *text);
void search_document_add_text(SearchDocument *document, const char *text);
// The writer and every recipient, each with its name (may be NULL).
void search_document_add_from(SearchDocument *document, const char *address, const char *name);
void search_document_add_to(SearchDocument *document, const char *address, const char *name);
void search_document_add_attachment(SearchDocument *document, const char *name);

// Stores the document of a new message, within a writer job. The document may be freed at once.
gboolean search_add(Db *db, Id message_id, const SearchDocument *document, GError **error);
// Takes the words of a message out of the index, before its row is emptied: the document is made
// from the row again. What the index still holds of them goes with search_purge.
gboolean search_forget(Db *db, Id message_id, GError **error);
// One bounded step of merging the index, until no word of a forgotten message is left on any page.
// *is_done: that is so.
gboolean search_purge(Db *db, gboolean *is_done, GError **error);

// Replaces what was stored, after an edit; with an empty document after a removal.
gboolean search_change(Db *db, Id message_id, const SearchDocument *document, GError **error);
