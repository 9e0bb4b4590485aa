// A message to a customer as somebody writes it: prepared on a work thread (recipients, subject,
// references, quote, signature, cleaned HTML, blobs), then written by one job: message, outbox rows
// and event together, or nothing (architecture.md "Life of a reply"). Used by api and whatever else
// writes. Sends nothing: that is desk/outbox.
#pragma once

#include "desk/channel_directory.h"
#include "mime/parser_pool.h"
#include "model/event.h"
#include "model/outgoing.h"
#include "store/store.h"

typedef struct ReplyDraft ReplyDraft;

typedef struct {
    // What is to be written; texts owned, NULL: absent.
    Id conversation_id; // 0: begins a conversation on channel_id
    Id channel_id;      // only with conversation_id 0
    Actor author;
    Id agent_id;      // 0: none
    char *client_key; // a second reply with the same key is the first one
    char *text;       // NULL with html: made from it
    char *html;       // a stranger's to us: cleaned before it is kept
    char *subject;    // NULL: the conversation's
    GPtrArray *to;    // of Party; never NULL; empty: whom the last message asks to answer
    GPtrArray *cc;
    GPtrArray *bcc;
    gboolean to_all;          // mail: copies to all who take part in the conversation
    GPtrArray *attachments;   // of Attachment with bytes; never NULL
    Id quoted_message_id;     // the message that it answers, where a channel shows that; 0: none
    gboolean omits_quote;     // mail: the original is not quoted below
    Instant send_at;          // leaves then, not before; INSTANT_NONE: at once
    gboolean cancel_on_reply; // with send_at: not at all once the customer has written again
    gint64 undo_ms;           // can be cancelled for that long
    char *status;             // the conversation's from now on, or NULL: as it is
    Id draft_id;              // the draft that it was written as, which is gone with it; 0: none
    GArray *uploads; // of Id: to be sent along as well, once their bytes are in attachments
    Id seen; // the last message that the writer saw: newer ones refuse it; 0: whatever was said

    ReplyDraft *draft; // private to desk/reply*

    // Results of reply_write.
    Id message_id;
    gboolean is_repetition; // of a client_key: message_id is the first one's
    GArray *newer;          // of Id: what made it fail with newer_messages; else NULL
} Reply;

Reply *reply_new(void) G_GNUC_WARN_UNUSED_RESULT;
void reply_free(Reply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reply, reply_free)

typedef struct {
    Store *store;
    ChannelDirectory *channels;
    ParserPool *parsers; // NULL: HTML is refused
} ReplyContext;

// Reads, checks and works out everything. Blocks on the store's readers and the parser pool: a work
// thread's. FALSE with an error: not_found, invalid (with a sentence for the writer), denied.
gboolean reply_prepare(Reply *reply, const ReplyContext *context, GError **error);

// Writes a prepared reply; writer thread only. May run twice (store/writer.h). FALSE with an error,
// also conflict (newer_messages) where something was said that the writer has not seen.
gboolean reply_write(Db *db, Reply *reply, GError **error);
