// Messages and their attachments: adding rows and finding known ones, within writer jobs. Timelines
// for agents are api's queries.
#pragma once

#include "store/db.h"

// All texts and bytes borrowed; NULL and 0 mean absent.
typedef struct {
    Id id;
    Id conversation_id;
    Id channel_id;
    Id identity_id;
    Id agent_id;
    const char *direction; // in, out, note
    const char *author;    // customer, agent, bot ...
    const char *class;
    gboolean is_automatic;
    const char *client_key; // out: see desk/reply.h
    const char *message_key;
    const char *content_sha256;
    const char *group_key;
    const char *subject;
    const char *text;
    const char *new_text; // NULL: the same as text
    const guint8 *html_sha256;
    Id quoted_message_id;
    const char *headers; // JSON
    const guint8 *raw_sha256;
    const char *state;
    Instant occurred_at;
    Instant received_at;
    Instant recorded_at;
} MessageRow;

gboolean message_add(Db *db, const MessageRow *row, GError **error);

// A known message, as deduplication and happenings need it.
typedef struct {
    Id id;
    Id conversation_id;
    Id channel_id;
    gboolean is_out;
    char *content_sha256; // or NULL
    char *message_key;
    char state[16];
    gint64 edited_version;
    gboolean is_erased; // its key is a hash now; what comes again is not kept
} KnownMessage;

void known_message_clear(KnownMessage *message);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KnownMessage, known_message_clear)

// A chat message by the provider's id within a channel, also by the id of an album's part.
gboolean message_find_by_key(Db *db, Id channel_id, const char *message_key, KnownMessage *message,
                             gboolean *found, GError **error);

// A mail by Message-ID over all channels: the one with this body, or one of ours whose body is not
// recorded.
gboolean message_find_mail(Db *db, const char *message_key, const char *content_sha256,
                           KnownMessage *message, gboolean *found, GError **error);

// The message of an album.
gboolean message_find_by_group(Db *db, Id channel_id, const char *group_key, KnownMessage *message,
                               gboolean *found, GError **error);

// A further provider's id of a message.
gboolean message_add_alias(Db *db, Id channel_id, const char *message_key, Id message_id,
                           GError **error);

// The message reached another channel as well. *is_new tells whether that was not known.
gboolean message_add_delivery(Db *db, Id message_id, Id channel_id, gboolean *is_new,
                              GError **error);

typedef struct {
    Id message_id;
    gint64 position;
    const char *name;
    const char *type;
    gint64 size;
    const char *content_id;
    gboolean is_inline;
    const guint8 *sha256;  // NULL: pending at the provider
    const char *reference; // where, when pending
} AttachmentRow;

// Adds the row unless the message has one at this position.
gboolean attachment_add(Db *db, const AttachmentRow *row, GError **error);
