// Internal notes: they never leave. Writing them, with mentions of those who may see the
// conversation; changing and removing them by their writer, with what they said before. Used by
// api within writer jobs.
#pragma once

#include "store/db.h"

#define MENTIONS_MAX 50

// An agent or a team; the other is 0.
typedef struct {
    Id agent_id;
    Id team_id;
} Mention;

typedef struct {
    Id conversation_id;
    Id agent_id; // 0: the system, or
    Id rule_id;  // the rule that writes it
    const char *text;
    const GArray *mentions; // of Mention; NULL: none
} Note;

// Errors: not_found, invalid (text_invalid; mention_unseen: whom it mentions does not exist or does
// not see the conversation, which is one and the same to the writer).
gboolean note_add(Db *db, const Note *note, Id *message_id, GError **error);

// A note without mentions.
gboolean note_write(Db *db, Id conversation_id, Id agent_id, const char *text, Id *message_id,
                    GError **error);

// text and mentions NULL: as they are. Only newly mentioned ones hear of it. Errors: as above, and
// denied (note_not_yours), conflict (note_removed).
gboolean note_change(Db *db, Id message_id, const Note *note, GError **error);

// What it said is kept among its versions alone.
gboolean note_remove(Db *db, Id message_id, Id agent_id, GError **error);
