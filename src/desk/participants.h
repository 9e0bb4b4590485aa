// Who takes part in a conversation by mail: whoever its mails name as writer or recipient, without
// ourselves and without strangers (reliability.md E15), as agents have added to and taken from.
// Used for "reply to all" and by api. Chats have none beside their customer.
#pragma once

#include "model/party.h"
#include "store/db.h"

// Of Party, in the order in which they came in; conversation_id is no alias. NULL with an error.
GPtrArray *participants_list(Db *db, Id conversation_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// From now on they take part, or no longer, whatever the mails say. Errors: invalid
// (address_invalid), limit (participants_too_many). Writer jobs only.
gboolean participants_decide(Db *db, Id conversation_id, const Party *party, gboolean is_removed,
                             Id agent_id, GError **error);
