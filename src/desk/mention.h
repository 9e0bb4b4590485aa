// Whom a note speaks to. Private to desk/note.c.
#pragma once

#include "desk/note.h"

// Makes these the note's mentions; who was not among them before hears of it. conversation_id is no
// alias. Errors: invalid (mention_unseen).
gboolean mention_set(Db *db, Id conversation_id, Id message_id, Id agent_id, const GArray *mentions,
                     GError **error);
