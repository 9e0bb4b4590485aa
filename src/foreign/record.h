// What the sources have in common when they read objects and make records of them. Pure. Used by
// foreign/ only.
#pragma once

#include "foreign/source.h"

// The member at a path such as "meta.sender.email" as text; NULL when it is no text or empty.
const char *record_text(const json_t *object, const char *path);

// The member as an id: a number or a text. Owned; NULL when there is none.
char *record_id(const json_t *object, const char *path) G_GNUC_WARN_UNUSED_RESULT;

const json_t *record_get(const json_t *object, const char *path);
gboolean record_is_true(const json_t *object, const char *path);

// {id?, address, name?}. What is NULL is left out; address becomes "".
json_t *record_person(const char *id, const char *address,
                      const char *name) G_GNUC_WARN_UNUSED_RESULT;

// "First Last", or NULL when both are missing. Owned.
char *record_full_name(const char *first, const char *last) G_GNUC_WARN_UNUSED_RESULT;

// Sets what is not NULL.
void record_set(json_t *record, const char *name, const char *value);

// Instants of seconds, also as text, become ISO 8601; ISO 8601 stays.
void record_set_instant(json_t *record, const char *name, const json_t *value);

// "Anna <anna@example.org>, bob@example.org" as an array of {address, name?}.
json_t *record_parties(const char *text) G_GNUC_WARN_UNUSED_RESULT;

// An array of texts with addresses, the same way.
json_t *record_party_list(const json_t *texts) G_GNUC_WARN_UNUSED_RESULT;

// "<a@b> <c@d>" as an array of ids without brackets.
json_t *record_message_ids(const char *text) G_GNUC_WARN_UNUSED_RESULT;

// One row of a table of words: what the source calls it, and what we do.
typedef struct {
    const char *from;
    const char *to;
} RecordWord;

// NULL when the table (ended by NULL) has no such word.
const char *record_word(const RecordWord *words, const char *from);

// "low", "normal", "medium", "high", "urgent" set "priority"; else nothing.
void record_set_priority(json_t *state, const char *word);

// The book: what was read before.
void record_learn(ForeignReading *reading, const char *kind, const char *id, json_t *known);
json_t *record_known(const ForeignReading *reading, const char *kind, const char *id);

// One more that is left out.
void record_skip(ForeignReading *reading, const char *what);

// {name, type, content_id?, is_inline?, path} of an attachment; path is below attachments/.
json_t *record_attachment(const char *name, const char *type, const char *path,
                          gboolean is_inline) G_GNUC_WARN_UNUSED_RESULT;
