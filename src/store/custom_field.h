// Definitions of custom fields and the values that conversations have. Used by desk and api;
// customers' values stand in a table of their own. Changing is for writer jobs.
#pragma once

#include "model/custom_field.h"
#include "store/db.h"

#define CUSTOM_FIELDS_MAX 200 // of one object

// All of one object, by position and label; of CustomField. NULL with an error.
GPtrArray *custom_field_list(Db *db, const char *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// NULL with an error (not found: field_unknown).
CustomField *custom_field_get(Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The one of that key in the list; NULL when there is none. Borrowed.
const CustomField *custom_field_find(const GPtrArray *fields, const char *key);

// conflict (field_exists) for a key that is taken, limit for too many.
gboolean custom_field_add(Db *db, const CustomField *field, Instant now, GError **error);
// Label, choices, required and position; object, key and kind stay.
gboolean custom_field_change(Db *db, const CustomField *field, GError **error);
// Its values are not shown any more.
gboolean custom_field_remove(Db *db, Id id, Instant now, GError **error);

// {"key": value} of a conversation, without those that are empty. NULL with an error.
json_t *conversation_field_load(Db *db, Id conversation_id,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

// text NULL empties it. *changed: whether that made a difference.
gboolean conversation_field_set(Db *db, Id conversation_id, Id field_id, const char *text,
                                gboolean *changed, GError **error);
