// One thing that a channel told us, decoded: the result of every ChannelKind's decode and of mime/.
// The desk makes rows of it. Plain data; JSON in and out for parser processes, recorded cases and
// replay.
#pragma once

#include <jansson.h>

#include "base/clock.h"
#include "model/attachment.h"
#include "model/mail.h"
#include "model/party.h"

typedef enum {
    INCOMING_MESSAGE,
    INCOMING_EDIT,      // message_key's text, html and attachments are now these
    INCOMING_REMOVAL,   // message_key was deleted by its writer
    INCOMING_REACTION,  // text is the emoji, "" when withdrawn
    INCOMING_DELIVERED, // our message message_key reached the customer
    INCOMING_READ,      // ... and was read
    INCOMING_FAILED,    // ... could not be delivered; text is the provider's reason
    INCOMING_TYPING,
    INCOMING_CUSTOMER_BLOCKED, // from will take no more messages from us
    INCOMING_CUSTOMER_RETURNED,
    INCOMING_THREAD_MOVED, // thread_key is now called text (Telegram group -> supergroup)
} IncomingType;

// "message", "edit", ... as in the enum, snake_case.
const char *incoming_type_name(IncomingType type);
gboolean incoming_type_parse(const char *name, IncomingType *type);

typedef struct {
    IncomingType type;
    char *event_key; // names this happening within the channel; a second one with the same key is a
                     // repetition
    char *message_key; // the provider's id of the message it is (about), unique within the channel;
                       // NULL: none
    char *thread_key;  // the provider's chat; NULL for mail, which is threaded by its headers
    char *group_key;   // messages of one album share it; else NULL
    gboolean is_outbound;  // written by us elsewhere: a Sent folder, another client of the bot
    gboolean is_automatic; // opens no wait (metrics.md Waits 4)
    Party *from;           // never NULL; address "" when the mail names nobody
    char *language;        // of the person, BCP 47, as the provider says; or NULL
    Instant occurred_at;   // the platform's instant; mail: set by the fetcher (INTERNALDATE ...),
                           // INSTANT_NONE from the parser
    gint64 version;   // of an edit or reaction: the greater one wins, whatever the order of arrival
                      // (edit_date in ms); else 0
    char *subject;    // or NULL
    char *text;       // all of it as plain text; "" when none
    char *new_text;   // without quoted text and signature; the same as text when nothing was cut
    char *html;       // cleaned HTML; NULL when the message had none
    char *quoted_key; // message_key of the message that it answers or quotes, or NULL
    char *quoted_text;      // the part of it that was quoted, or NULL
    GPtrArray *attachments; // of Attachment; never NULL
    json_t *extra; // what the kind adds (location, contact, buttons), shown as data; NULL: nothing
    Mail *mail;    // only email; else NULL
} Incoming;

Incoming *incoming_new(IncomingType type) G_GNUC_WARN_UNUSED_RESULT;
void incoming_free(Incoming *incoming);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Incoming, incoming_free)

// An empty GPtrArray that owns Incoming.
GPtrArray *incoming_list_new(void) G_GNUC_WARN_UNUSED_RESULT;

// Everything but the attachments' bytes (they keep size and sha256-less place). Absent members are
// left out.
json_t *incoming_to_json(const Incoming *incoming) G_GNUC_WARN_UNUSED_RESULT;

// Strict: an unknown type or a wrong JSON type is an error (invalid). For parser processes whose
// answers are not trusted, and for recorded cases.
Incoming *incoming_from_json(const json_t *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
