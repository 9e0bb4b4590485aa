// The answer that shows a message as it stands after a change. Used by replies.c and sending.c.
#pragma once

#include "api/call.h"

// Answers with the message, from within a writer job. FALSE with an error.
gboolean sent_message_answer(ApiCall *call, Db *db, Id message_id, unsigned status, GError **error);
