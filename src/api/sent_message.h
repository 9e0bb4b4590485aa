// The answer that shows a message as it stands after a change. Used by replies.c and sending.c.
#pragma once

#include "api/call.h"

// The messages of these ids (of Id) as an array. NULL with an error.
json_t *sent_message_list(Db *db, const GArray *ids, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Answers with the message, from within a writer job. FALSE with an error.
gboolean sent_message_answer(ApiCall *call, Db *db, Id message_id, unsigned status, GError **error);
