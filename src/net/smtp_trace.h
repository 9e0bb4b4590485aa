// What was said in one SMTP session, and the pure judgement of it: which recipients have the mail,
// which may be tried again without harm, which may never, which nobody knows. Filled by the two
// transports. Does no I/O.
#pragma once

#include "net/smtp.h"

typedef struct {
    unsigned code; // 0: no reply
    char *status;  // enhanced code, or NULL
    char *text;    // without codes, one line; NULL with code 0
} SmtpReply;

typedef struct {
    const char *client;
    char *failure;       // why the session ended before its end, in our words; or NULL
    SmtpReply auth;      // the last refusal to a sign-in; code 0 when there was none
    gboolean lacks_auth; // a sign-in was asked for and none took place
    SmtpReply sender;
    SmtpReply *recipients; // count of them
    gsize count;
    SmtpReply data;          // to DATA itself, if not 354
    SmtpReply message;       // after the final dot
    gboolean is_handed_over; // all of the mail was taken from us: the final dot may have gone
} SmtpTrace;

SmtpTrace *smtp_trace_new(const char *client, gsize recipients) G_GNUC_WARN_UNUSED_RESULT;
void smtp_trace_free(SmtpTrace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpTrace, smtp_trace_free)

// Splits "550-5.1.1 text" or "550 text". FALSE for anything else; reply is replaced.
gboolean smtp_reply_parse(const char *line, gsize length, SmtpReply *reply);
void smtp_reply_set(SmtpReply *reply, unsigned code, const char *status, const char *text);
void smtp_reply_clear(SmtpReply *reply);

// reliability.md 1, channels.md 17.8: decided from recipient reply, message reply and whether the
// mail was handed over; never from one of them alone.
SmtpReport *smtp_trace_judge(const SmtpTrace *trace,
                             char *const *recipients) G_GNUC_WARN_UNUSED_RESULT;
