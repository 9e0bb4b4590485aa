// What reply_prepare worked out for reply_write. Private to desk/reply*.
#pragma once

#include <jansson.h>

#include "desk/reply.h"
#include "store/blob.h"
#include "store/search.h"

// The message that is answered.
typedef struct {
    Id id; // 0: none
    gboolean is_out;
    char *message_key;
    char *text;
    char *html; // or NULL
    json_t *headers;
    Instant occurred_at;
} ReplyParent;

struct ReplyDraft {
    ChannelConfig *channel;
    const ChannelKind *kind;
    gboolean is_mail;
    Id conversation_id;
    Id message_id;
    char *conversation_subject;
    char *base_subject;
    char *thread_key;
    char *language;         // of the customer, or NULL
    char *identity_address; // where the conversation's customer is reached, or NULL
    Instant last_received_at;
    ReplyParent parent;      // the last message: what In-Reply-To names
    ReplyParent asked;       // the last one of a participant: whom to answer, what to quote
    GPtrArray *participants; // of Party, with to_all; else NULL
    char *signature;
    char *subject;
    char *text;     // all that leaves
    char *new_text; // without signature and quote
    char *html;     // all that leaves, or NULL
    char *message_key;
    json_t *headers;
    Blob *html_blob;
    GPtrArray *blobs; // one for each attachment
    SearchDocument *document;
    char *preview;
    guint parts; // chat: how many requests
    Instant written_at;
};

ReplyDraft *reply_draft_new(void) G_GNUC_WARN_UNUSED_RESULT;
void reply_draft_free(ReplyDraft *draft);

// reply_source.c: reads what the draft is made from. Pure queries.
gboolean reply_source_read(Reply *reply, const ReplyContext *context, Db *db, GError **error);

// reply_check.c: what can be said without the store.
gboolean reply_check(const Reply *reply, GError **error);
// ... and with the channel's kind known.
gboolean reply_check_kind(const Reply *reply, GError **error);
