// An Outgoing from what a message row holds, so that what is checked when a reply is written and
// what is sent later are the same. Used by desk/reply* and desk/outbox*.
#pragma once

#include <jansson.h>

#include "desk/channel_directory.h"
#include "model/outgoing.h"
#include "store/store.h"

// What a row says; all borrowed.
typedef struct {
    Id message_id;
    const char *client_key; // NULL: the message's id
    const char *thread_key;
    const char *quoted_key;
    const char *subject;
    const char *text;
    const char *html;
    const char *message_key; // mail: its Message-ID
    const json_t *headers;   // from, to, cc, bcc, in_reply_to, references
    gboolean is_automatic;
    Instant date;
} OutgoingSource;

// Without attachments. html is left out for kinds that take none.
Outgoing *outgoing_build(const OutgoingSource *source,
                         const ChannelKind *kind) G_GNUC_WARN_UNUSED_RESULT;

// Reads message, conversation and attachments. not_found, or unavailable where the store fails.
Outgoing *outgoing_load(Store *store, Db *db, const ChannelKind *kind, Id message_id,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Parties as they stand in a message's headers: [{"address", "name"}], and back.
GPtrArray *parties_from_json(const json_t *list) G_GNUC_WARN_UNUSED_RESULT;
json_t *parties_to_json(const GPtrArray *parties) G_GNUC_WARN_UNUSED_RESULT;
Party *party_from_json(const json_t *json) G_GNUC_WARN_UNUSED_RESULT; // NULL when it is none
json_t *party_to_json(const Party *party) G_GNUC_WARN_UNUSED_RESULT;
// ["a", "b"]; NULL gives an empty list.
char **texts_from_json(const json_t *list) G_GNUC_WARN_UNUSED_RESULT;
