// Conversations: finding, beginning and touching their rows within writer jobs. Lists for agents
// are api's queries; what agents do to a conversation stands in desk/.
#pragma once

#include "store/db.h"

typedef struct {
    Id id;
    Id channel_id;
    Id customer_id;
    Id identity_id;
    char status[16];
    Instant created_at;
    Instant last_message_at;
    gboolean is_split;
    gboolean is_erased; // its person was: nothing joins it any longer
} Conversation;

// The row that stands for this id: merges and joins followed. *found tells.
gboolean conversation_find(Db *db, Id id, Conversation *conversation, gboolean *found,
                           GError **error);

// The newest conversation of a provider's chat.
gboolean conversation_find_by_thread(Db *db, Id channel_id, const char *thread_key,
                                     Conversation *conversation, gboolean *found, GError **error);

typedef struct {
    Id id; // 0: a new one
    Id channel_id;
    Id customer_id;
    Id identity_id;
    const char *thread_key; // or NULL
    const char *subject;
    const char *base_subject;
    const char *status;
    Id related_to; // 0: none
    Instant created_at;
} ConversationDraft;

// The number of the next conversation, in an INSERT: dense, and short for people.
#define CONVERSATION_NEXT_NUMBER "(SELECT coalesce(max(number), 0) + 1 FROM conversation)"

// Adds a row and fills in the conversation.
gboolean conversation_add(Db *db, const ConversationDraft *draft, Conversation *conversation,
                          GError **error);

// One more message stands in it: counts it, moves last_message_at and the preview forward,
// created_at back. inbound_id: the message when it is the customer's; 0: ours.
gboolean conversation_touch(Db *db, Id id, Instant occurred_at, const char *preview, Id inbound_id,
                            GError **error);

// Sets the status alone (snoozed_until is cleared).
gboolean conversation_set_status(Db *db, Id id, const char *status, GError **error);

// Where a provider's chat of that name has moved to (owned), or a copy of the name itself. NULL
// with an error.
char *conversation_thread_now(Db *db, Id channel_id, const char *thread_key,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Notes that the chat has another name now, and gives it to the conversations that bear the old
// one.
gboolean conversation_rename_thread(Db *db, Id channel_id, const char *thread_key,
                                    const char *moved_to, GError **error);

// Shows it in another channel's views too.
gboolean conversation_add_channel(Db *db, Id id, Id channel_id, GError **error);

// Makes from an alias of into: messages, outbox rows, channels and tags move over, also followers,
// fields and participants that into has not; counters are summed.
gboolean conversation_absorb(Db *db, Id into, Id from, GError **error);
