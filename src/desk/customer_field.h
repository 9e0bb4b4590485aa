// Values of customers' custom fields: read, and set as somebody asks, checked against the
// definitions. Used by desk/customer_change and api.
#pragma once

#include <jansson.h>

#include "desk/customer_change.h"

// Values by their keys, as a JSON object; owned. NULL with an error.
json_t *customer_field_load(Db *db, Id root_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// values is an object of keys; null empties. Writer jobs only. Errors: invalid (field_unknown,
// field_value_invalid, field_required).
gboolean customer_field_set(Db *db, Id root_id, const json_t *values, CustomerActor who,
                            GError **error);

// The field of that key, and the text as its values are written down (owned): for searching. NULL
// with an error (invalid).
char *customer_field_search(Db *db, const char *key, const char *text, Id *field_id,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
