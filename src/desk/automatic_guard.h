// What keeps automatic messages (rules, bots, surveys: whatever no person wrote) from starting
// loops and storms (RFC 3834; reliability.md E09, E10). Asked by reply_write for every message that
// no agent wrote, within its job.
#pragma once

#include "store/db.h"

// At most this many to one recipient from one channel within the time.
#define AUTOMATIC_MAX 3
#define AUTOMATIC_WINDOW_MS ((gint64)10 * 60 * 1000)

// FALSE with an error: denied ("automatic_refused") when the conversation's last message from
// outside was automatic itself, asks not to be answered so, came through a list or bears our own
// loop header, or when the recipient is one of our own channels; limit ("automatic_storm") when
// that recipient has had enough. recipient: an address, or "" for a chat.
gboolean automatic_guard(Db *db, Id conversation_id, Id channel_id, const char *recipient,
                         Instant now, GError **error);
