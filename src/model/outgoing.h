// One message on its way out, with everything that a codec needs to make requests or a mail of it,
// and the Receipt that tells what became of it. Made by desk/outbox from rows; read by channels/
// and mime/.
#pragma once

#include "base/id.h"
#include "model/attachment.h"
#include "model/party.h"

typedef struct {
    Id message_id;    // our row
    char *client_key; // idempotency key, for providers that have one
    char *thread_key; // the provider's chat, or NULL for mail
    char *quoted_key; // provider's id of the message that is answered, or NULL
    char *text;
    char *html;             // cleaned, or NULL
    GPtrArray *attachments; // of Attachment with bytes; never NULL
    // Mail only:
    char *mail_message_id; // ours, signed, without <>
    Party *from;
    GPtrArray *to; // of Party; never NULL. So cc and bcc
    GPtrArray *cc;
    GPtrArray *bcc; // envelope only, never a header
    char *subject;
    char **in_reply_to;    // ids without <>; never NULL
    char **references;     // ids without <>, oldest first; never NULL
    gboolean is_automatic; // bears Auto-Submitted and our loop header, has the null envelope sender
    Instant date;
} Outgoing;

Outgoing *outgoing_new(void) G_GNUC_WARN_UNUSED_RESULT;
void outgoing_free(Outgoing *outgoing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outgoing, outgoing_free)

// What is known of an attempt (reliability.md 1).
typedef enum {
    RECEIPT_SENT,    // accepted by the channel; provider_id is its name for it
    RECEIPT_RETRY,   // proven without effect: may be tried again after retry_after_ms
    RECEIPT_REFUSED, // for good; reason says why
    RECEIPT_UNKNOWN, // the bytes left and no answer came: never sent again by itself
} ReceiptState;

typedef struct {
    ReceiptState state;
    char *provider_id;      // or NULL
    char *reason;           // the provider's words, one line, no secrets; or NULL
    gint64 retry_after_ms;  // -1: the outbox's own back-off
    gboolean stops_channel; // the account itself is refused (bad token, 535): ask for a new sign-in
    gboolean customer_gone; // blocked us or closed the account
    gboolean retry_without_quote; // send again with quoted_key NULL
    char *moved_thread_key;       // the chat has this name now; send there
} Receipt;

void receipt_clear(Receipt *receipt);
