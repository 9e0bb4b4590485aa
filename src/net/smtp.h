// Hands one mail to a submission server and says what became of it for each recipient. Blocking:
// for the outbox's smtp threads only. libesmtp speaks wherever it can do the job safely, libcurl
// elsewhere (doc/decisions: smtp-client). Decides nothing about trying again: that is
// desk/outbox's. SIGPIPE must be ignored by the process.
#pragma once

#include "model/outgoing.h"

typedef enum { SMTP_CLIENT_AUTO, SMTP_CLIENT_LIBESMTP, SMTP_CLIENT_LIBCURL } SmtpClient;

typedef enum {
    SMTP_TLS_STARTTLS, // required; on loopback used where it is offered
    SMTP_TLS_IMPLICIT, // port 465
    SMTP_TLS_NONE,     // loopback only
} SmtpTls;

// Where to hand in. All texts are borrowed for the call.
typedef struct {
    const char *host;
    guint16 port;
    SmtpTls tls;
    SmtpClient client;
    const char *user;       // NULL: no sign-in
    const char *password;   // or NULL with bearer
    const char *bearer;     // OAuth token for XOAUTH2, or NULL
    const char *hello;      // our name in EHLO; NULL: the host's
    const char *ca_file;    // PEM to trust in place of the system's; NULL: the system's
    gboolean allow_private; // addresses that are not public (a host that is loopback by name or
                            // number needs no leave)
    gint64 timeout_ms; // of each step; 0: 1 min for the greeting, 5 for commands, 10 for the last
                       // reply
} SmtpAccount;

typedef struct {
    const char *sender;      // "" or NULL: the null path
    const char *envelope_id; // returned in bounces (RFC 3461 ENVID), or NULL; printable ASCII
    char *const *recipients; // addresses, ends with NULL; at least one
} SmtpEnvelope;

// What the server said of one recipient.
typedef struct {
    char *recipient;
    ReceiptState state;
    unsigned code;  // 250, 550 ...; 0: it said nothing
    char *status;   // enhanced code "5.1.1", or NULL
    char *response; // "550 5.1.1 no such user", or our own words; one line of UTF-8; never NULL
} SmtpResult;

typedef struct {
    GPtrArray *results;     // of SmtpResult, in the envelope's order
    gboolean stops_channel; // the account itself was refused
    const char *client;     // "libesmtp", "libcurl": who spoke; static
} SmtpReport;

void smtp_report_free(SmtpReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpReport, smtp_report_free)

// Never fails and never NULL. bytes is the whole mail (RFC 5322); line ends become CRLF, Bcc is
// taken out of its header. Returns within the time-outs, or within 30 min in all.
SmtpReport *smtp_send(const SmtpAccount *account, const SmtpEnvelope *envelope,
                      GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;

// The mail as it goes over the wire but for dot-stuffing: CRLF line ends, no Bcc, CRLF at its end.
GBytes *smtp_bytes_prepare(GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;

// "auto", "libesmtp", "libcurl"; "starttls", "tls", "plain".
gboolean smtp_client_parse(const char *text, SmtpClient *client);
gboolean smtp_tls_parse(const char *text, SmtpTls *tls);
