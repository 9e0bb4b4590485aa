// What a mail has beyond a chat message: its headers as threading, classes, loops and replies need
// them. Filled by mime/ from raw bytes in a parser process; read by model/threading, desk/ and
// store/.
#pragma once

#include "base/clock.h"
#include "model/party.h"

// metrics.md "Waits" 4; RFC 3834, 3464, 5965, 8098.
typedef enum {
    MAIL_ORDINARY,
    MAIL_AUTO_REPLY,
    MAIL_BOUNCE,
    MAIL_FEEDBACK_REPORT,
    MAIL_RECEIPT,
    MAIL_LIST, // a person's mail through a list: opens waits, is never answered automatically
} MailClass;

// "ordinary", "auto_reply", "bounce", "feedback_report", "receipt", "list".
const char *mail_class_name(MailClass class);
gboolean mail_class_parse(const char *name, MailClass *class);

// One recipient of a delivery status notification (RFC 3464) or of a free-text bounce.
typedef struct {
    char *recipient;  // address
    char *action;     // "failed", "delayed", "delivered", "relayed", "expanded"
    char *status;     // "5.1.1" or NULL
    char *diagnostic; // the server's words, one line, or NULL
} MailReport;

typedef struct {
    char *message_id;    // without <>; NULL when the mail has none
    char **in_reply_to;  // ids without <>, in the order written; never NULL, may be empty
    char **references;   // ids without <>, oldest first, at most 100 (the newest kept); never NULL
    GPtrArray *reply_to; // of Party; never NULL, may be empty. So for the lists below
    GPtrArray *to;
    GPtrArray *cc;
    GPtrArray *bcc;      // only in our own Sent folder
    Party *sender;       // Sender: when it differs from From, else NULL
    char *return_path;   // envelope sender: "" for the null path, NULL when unknown
    char **delivered_to; // Delivered-To, X-Original-To, Envelope-To: where +tokens may stand
    Instant date;        // the Date header, however odd, or INSTANT_NONE: shown, never counted
    Instant received_at; // the topmost Received header's instant, or INSTANT_NONE
    char *subject;       // decoded UTF-8, one line; "" when there is none
    MailClass class;
    gboolean is_automatic;   // opens no wait, reopens nothing, is never answered automatically
    gboolean suppress_reply; // never answered automatically, but a person's message all the same
    gboolean has_own_loop;   // bears our own X-Dialogd-Loop header
    GPtrArray *reports;      // of MailReport: bounce recipients; never NULL
    char *report_about;      // Message-ID of the mail that a report is about, without <>, or NULL
    char *report_envelope;   // Original-Envelope-Id, xtext decoded, or NULL
    GPtrArray
        *authentication; // of char *: each Authentication-Results value, topmost first; unfolded
    char *list_id;       // or NULL
    char **labels;       // of an archive that another program wrote; never NULL. Imports alone
                         // believe them: a stranger can write such a header too
    Party
        *forwarded_from; // the original sender in a forwarded block or message/rfc822 part, or NULL
    char *forwarded_subject;
    char *body_sha256; // hex, over the bytes after the header block with CRLF as LF: tells mails of
                       // one id apart
} Mail;

// All lists empty, all instants INSTANT_NONE.
Mail *mail_new(void) G_GNUC_WARN_UNUSED_RESULT;
void mail_free(Mail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mail, mail_free)

MailReport *mail_report_new(const char *recipient, const char *action, const char *status,
                            const char *diagnostic) G_GNUC_WARN_UNUSED_RESULT;
void mail_report_free(MailReport *report);
