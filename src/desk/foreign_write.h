// Rows of one conversation of another help desk, within a writer job. Private to foreign_import.
#pragma once

#include "desk/foreign_record.h"
#include "desk/inbound.h"

typedef struct {
    gint64 stored;    // messages
    gint64 known;     // messages that were imported before, or came by another way
    gint64 notes;     // internal ones among them
    gint64 settled;   // conversations whose status, people and tags were taken over
    json_t *problems; // array of {conversation, message, detail}; owned by whoever made it
} ForeignCounts;

typedef struct {
    Inbound *inbound;
    Id channel_id;
    const char *source;
    ForeignCounts *counts;
} ForeignDoor;

// deliveries: one for each message, NULL where it is a note. FALSE with an error undoes it all.
gboolean foreign_write(Db *db, const ForeignDoor *door, const ForeignConversation *conversation,
                       const GPtrArray *deliveries, GError **error);
