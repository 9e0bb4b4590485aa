// One conversation of another help desk, as POST /api/v1/channels/{channel}/import/conversations
// takes it, read into plain structs. Pure: bytes of attachments are in it, HTML is not clean yet.
#pragma once

#include "model/incoming.h"

typedef struct {
    char *id;           // the source's name for it
    gboolean is_note;   // internal
    Incoming *incoming; // of a note: who wrote it, when, and the text
} ForeignMessage;

typedef struct {
    char *id;
    GPtrArray *messages; // of ForeignMessage, by instant, notes last among equals
    gboolean has_state;  // what follows is there
    char *status;        // or NULL
    Instant snoozed_until;
    Instant at; // since when it has the status, or INSTANT_NONE
    gboolean has_priority;
    gint64 priority;
    char *assignee; // address of an agent, or NULL
    char *team;     // name, or NULL
    char **tags;    // never NULL
} ForeignConversation;

typedef struct {
    const char *source;  // the name of the other installation
    const char *address; // of the channel, "" when it has none
    gboolean is_mail;    // the channel is one of email: people are addresses
} ForeignPlace;

// What is wrong with single messages is added to problems (an array of {conversation, message,
// detail}) and left out. NULL with an error (invalid) when the conversation itself cannot be read.
ForeignConversation *foreign_conversation_read(const json_t *json, const ForeignPlace *place,
                                               json_t *problems,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void foreign_conversation_free(ForeignConversation *conversation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ForeignConversation, foreign_conversation_free)

void foreign_problem_add(json_t *problems, const char *conversation, const char *message,
                         const char *detail);
