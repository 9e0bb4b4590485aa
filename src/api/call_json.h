// A logged call or meeting as JSON. Used by api/calls.c alone. (api/call.h is the API's own call.)
#pragma once

#include "api/call.h"

// Answers with it, its former versions and its ETag. Errors: not_found (call_unknown).
gboolean call_json_answer(ApiCall *call, Db *db, Id message_id, unsigned status, GError **error);

// If-Match against its version; it must be of the kind. Errors: precondition, not_found.
gboolean call_json_match(const ApiCall *call, Db *db, Id message_id, const char *kind,
                         GError **error);
