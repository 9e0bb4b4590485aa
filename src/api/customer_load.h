// One customer as JSON, and the answers of what changes it. Used by the api/customer*.c files.
#pragma once

#include "api/call.h"
#include "desk/customer_change.h"

// The customer that stands for this id with its addresses, consent and fields; NULL with an error
// (not found: customer_unknown).
json_t *customer_load(Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Answers with it and its ETag, within an ApiWrite or not.
gboolean customer_answer(ApiCall *call, Db *db, Id id, unsigned status, GError **error);

// If-Match against the customer that stands for this id. Errors: precondition, not_found.
gboolean customer_match(const ApiCall *call, Db *db, Id id, GError **error);

CustomerActor customer_actor(const ApiCall *call);
