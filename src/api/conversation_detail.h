// What stands in one conversation's own answer beside the row that lists show: custom fields, who
// looks, what is begun. Used by the routes that answer with one conversation.
#pragma once

#include "api/call.h"

// One conversation (merges followed) with all that. NULL with an error (not found).
json_t *conversation_detail_load(ApiCall *call, Db *db, Id id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Answers with it and its ETag, also from within a writer job. FALSE with an error.
gboolean conversation_detail_answer(ApiCall *call, Db *db, Id id, unsigned status, GError **error);
