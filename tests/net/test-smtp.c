#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "net/smtp.h"
#include "smtp_sink.h"

static char *directory; // cert.pem and key.pem
static char *ca_file;

static const char mail[] = "From: <us@example.org>\nTo: <a@example.org>\nBcc: secret@example.org\n"
                           "Message-ID: <m1@example.org>\nDate: Mon, 23 Nov 2026 06:00:00 +0000\n"
                           "Subject: s\n\nfirst\n.\n..two\nlast";

static char *const one[] = {(char[]){"a@example.org"}, NULL};

static SmtpAccount account_of(SmtpSink *sink, SmtpClient client) {
    return (SmtpAccount){.host = "localhost",
                         .port = smtp_sink_port(sink),
                         .tls = SMTP_TLS_STARTTLS,
                         .client = client,
                         .hello = "us.example.org",
                         .ca_file = ca_file,
                         .timeout_ms = 2000};
}

static SmtpReport *send_mail(const SmtpAccount *account, char *const *recipients) {
    g_autoptr(GBytes) bytes = g_bytes_new_static(mail, sizeof mail - 1);
    const SmtpEnvelope envelope = {
        .sender = "us@example.org", .envelope_id = "env1", .recipients = recipients};
    return smtp_send(account, &envelope, bytes);
}

static const SmtpResult *result_at(const SmtpReport *report, guint at) {
    return report->results->pdata[at];
}

#define EACH_CLIENT(name)                                                                          \
    for (SmtpClient name = SMTP_CLIENT_LIBESMTP; name <= SMTP_CLIENT_LIBCURL; name++)

static void check_accepted(const SmtpSinkScript *script, const SmtpAccount *extra,
                           SmtpClient client, const char *spoken, const char *tls_version) {
    g_autoptr(SmtpSink) sink = smtp_sink_new(script);
    SmtpAccount account = account_of(sink, client);
    account.user = extra->user;
    account.password = extra->password;
    account.bearer = extra->bearer;
    account.tls = extra->tls;
    g_autoptr(SmtpReport) report = send_mail(&account, one);
    g_test_message("%s: %s", report->client, result_at(report, 0)->response);
    g_assert_cmpint(result_at(report, 0)->state, ==, RECEIPT_SENT);
    g_assert_cmpstr(result_at(report, 0)->response, ==, "250 2.0.0 Ok: queued as SINK1");
    g_assert_cmpstr(report->client, ==, spoken);
    g_assert_cmpuint(smtp_sink_count(sink), ==, 1);
    const SmtpSinkMail *got = smtp_sink_mail(sink, 0);
    g_assert_cmpstr(got->user, ==, extra->user);
    g_assert_cmpstr(got->tls_version, ==, tls_version);
    g_assert_false(got->has_bare_lf);
    g_assert_nonnull(strstr(got->text->str, "\r\n\r\nfirst\r\n.\r\n..two\r\nlast\r\n"));
    g_assert_null(strstr(got->text->str, "secret@"));
    g_assert_null(strstr(strstr(got->text->str, "first"), "From:"));
}

static void test_plain(void) {
    const SmtpSinkScript script = {0};
    const SmtpAccount account = {.tls = SMTP_TLS_NONE};
    check_accepted(&script, &account, SMTP_CLIENT_AUTO, "libesmtp", NULL);
    check_accepted(&script, &account, SMTP_CLIENT_LIBCURL, "libcurl", NULL);
}

static void test_starttls(void) {
    const SmtpSinkScript script = {
        .starttls = TRUE, .user = "us", .password = "pw", .directory = directory};
    const SmtpAccount account = {.tls = SMTP_TLS_STARTTLS, .user = "us", .password = "pw"};
    check_accepted(&script, &account, SMTP_CLIENT_AUTO, "libesmtp", "TLSv1.3");
    check_accepted(&script, &account, SMTP_CLIENT_LIBCURL, "libcurl", "TLSv1.3");
    const SmtpSinkScript older = {.starttls = TRUE, .tls12_only = TRUE, .directory = directory};
    const SmtpAccount nobody = {.tls = SMTP_TLS_STARTTLS};
    check_accepted(&older, &nobody, SMTP_CLIENT_AUTO, "libesmtp", "TLSv1.2");
}

static void test_implicit(void) {
    const SmtpSinkScript script = {
        .implicit_tls = TRUE, .user = "us", .password = "pw", .directory = directory};
    const SmtpAccount account = {.tls = SMTP_TLS_IMPLICIT, .user = "us", .password = "pw"};
    check_accepted(&script, &account, SMTP_CLIENT_AUTO, "libcurl", "TLSv1.3");
}

static void test_bearer(void) {
    const SmtpSinkScript script = {.starttls = TRUE,
                                   .user = "us",
                                   .password = "pw",
                                   .bearer = "token",
                                   .directory = directory};
    const SmtpAccount account = {.tls = SMTP_TLS_STARTTLS, .user = "us", .bearer = "token"};
    check_accepted(&script, &account, SMTP_CLIENT_AUTO, "libcurl", "TLSv1.3");
}

static void test_row(void) {
    const SmtpSinkScript script = {.starttls = TRUE, .directory = directory};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    SmtpAccount account = account_of(sink, SMTP_CLIENT_LIBESMTP);
    const char *wanted = g_getenv("SMTP_ROW");
    guint count = wanted != NULL ? (guint)g_ascii_strtoull(wanted, NULL, 10) : 40;
    gint64 longest = 0;
    for (guint at = 0; at < count; at++) {
        gint64 began = g_get_monotonic_time();
        g_autoptr(SmtpReport) report = send_mail(&account, one);
        longest = MAX(longest, g_get_monotonic_time() - began);
        g_assert_cmpint(result_at(report, 0)->state, ==, RECEIPT_SENT);
    }
    g_test_message("%u sends, the longest took %.1f ms", count, (double)longest / 1000);
    g_assert_cmpuint(smtp_sink_count(sink), ==, count);
    g_assert_cmpstr(smtp_sink_mail(sink, 0)->tls_version, ==, "TLSv1.3");
    g_assert_cmpint(longest, <, 1500000); // a hang lasts as long as the time-out
}

static void test_per_recipient(void) {
    const char *const rules[] = {"rcpt:b@=550 5.1.1 no such user", "rcpt:c@=450 4.7.1 greylisted",
                                 NULL};
    const SmtpSinkScript script = {.rules = rules};
    char *const three[] = {(char[]){"a@example.org"}, (char[]){"b@example.org"},
                           (char[]){"c@example.org"}, NULL};
    EACH_CLIENT(client) {
        g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
        SmtpAccount account = account_of(sink, client);
        g_autoptr(SmtpReport) report = send_mail(&account, three);
        g_assert_cmpint(result_at(report, 0)->state, ==, RECEIPT_SENT);
        g_assert_cmpint(result_at(report, 1)->state, ==, RECEIPT_REFUSED);
        g_assert_cmpstr(result_at(report, 1)->response, ==, "550 5.1.1 no such user");
        g_assert_cmpstr(result_at(report, 1)->status, ==, "5.1.1");
        g_assert_cmpint(result_at(report, 2)->state, ==, RECEIPT_RETRY);
        g_assert_cmpuint(smtp_sink_mail(sink, 0)->recipients->len, ==, 1);
    }
}

static void test_all_refused(void) {
    const char *const rules[] = {"rcpt=550 5.1.1 no such user", NULL};
    const SmtpSinkScript script = {.rules = rules};
    EACH_CLIENT(client) {
        g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
        SmtpAccount account = account_of(sink, client);
        g_autoptr(SmtpReport) report = send_mail(&account, one);
        g_assert_cmpint(result_at(report, 0)->state, ==, RECEIPT_REFUSED);
        g_assert_cmpstr(result_at(report, 0)->response, ==, "550 5.1.1 no such user");
        g_assert_cmpuint(smtp_sink_count(sink), ==, 0);
    }
}

typedef struct {
    const char *rule;
    ReceiptState state;
    gboolean stops;
} Failure;

static const Failure failures[] = {
    {"greeting=drop", RECEIPT_RETRY, FALSE},
    {"greeting=554 5.3.2 no service", RECEIPT_RETRY, FALSE},
    {"greeting=hang", RECEIPT_RETRY, FALSE},
    {"ehlo=drop", RECEIPT_RETRY, FALSE},
    {"mail=drop", RECEIPT_RETRY, FALSE},
    {"mail=421 4.3.2 shutting down", RECEIPT_RETRY, FALSE},
    {"mail=550 5.7.1 not you", RECEIPT_REFUSED, FALSE},
    {"mail=530 5.7.0 sign in first", RECEIPT_RETRY, TRUE},
    {"rcpt=drop", RECEIPT_RETRY, FALSE},
    {"rcpt=hang", RECEIPT_RETRY, FALSE},
    {"rcpt=451 4.3.0 later", RECEIPT_RETRY, FALSE},
    {"data=drop", RECEIPT_RETRY, FALSE},
    {"data=451 4.3.0 later", RECEIPT_RETRY, FALSE},
    {"data=554 5.7.1 no", RECEIPT_REFUSED, FALSE},
    {"dot=drop", RECEIPT_UNKNOWN, FALSE},
    {"dot=hang", RECEIPT_UNKNOWN, FALSE},
    {"dot=451 4.3.0 later", RECEIPT_RETRY, FALSE},
    {"dot=554 5.7.1 spam", RECEIPT_REFUSED, FALSE},
};

static void check_failure(const Failure *failure, SmtpClient client, gboolean starttls) {
    const char *const rules[] = {failure->rule, NULL};
    const SmtpSinkScript script = {.rules = rules, .starttls = starttls, .directory = directory};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    SmtpAccount account = account_of(sink, client);
    account.timeout_ms = 1000;
    g_autoptr(SmtpReport) report = send_mail(&account, one);
    g_test_message("%s by %s: %s", failure->rule, report->client, result_at(report, 0)->response);
    g_assert_cmpint(result_at(report, 0)->state, ==, failure->state);
    g_assert_cmpint(report->stops_channel, ==, failure->stops);
    g_assert_cmpuint(smtp_sink_count(sink), ==, 0);
}

static void test_failures(void) {
    EACH_CLIENT(client)
    for (gsize at = 0; at < G_N_ELEMENTS(failures); at++)
        check_failure(&failures[at], client, FALSE);
}

static void test_failures_tls(void) {
    EACH_CLIENT(client)
    for (gsize at = 0; at < G_N_ELEMENTS(failures); at++)
        if (!g_str_has_suffix(failures[at].rule, "hang"))
            check_failure(&failures[at], client, TRUE);
}

// So much that the server's end is seen while there is still something to send.
static void test_drop_in_data(void) {
    const char *const rules[] = {"body=drop", NULL};
    const SmtpSinkScript script = {.rules = rules, .starttls = TRUE, .directory = directory};
    g_autofree char *filler = g_strnfill(70, 'x');
    g_autoptr(GString) text = g_string_new(mail);
    while (text->len < 20000000)
        g_string_append_printf(text, "%s\n", filler);
    g_autoptr(GBytes) bytes = g_bytes_new_static(text->str, text->len);
    const SmtpEnvelope envelope = {.sender = "us@example.org", .recipients = one};
    for (int starttls = 0; starttls < 2; starttls++)
        EACH_CLIENT(client) {
            SmtpSinkScript own = script;
            own.starttls = starttls;
            g_autoptr(SmtpSink) sink = smtp_sink_new(&own);
            SmtpAccount account = account_of(sink, client);
            g_autoptr(SmtpReport) report = smtp_send(&account, &envelope, bytes);
            g_test_message("%s, TLS %d: %s", report->client, starttls,
                           result_at(report, 0)->response);
            g_assert_cmpint(result_at(report, 0)->state, ==, RECEIPT_RETRY);
        }
}

static void check_sign_in_refused(const SmtpSinkScript *script, SmtpClient client) {
    g_autoptr(SmtpSink) sink = smtp_sink_new(script);
    SmtpAccount account = account_of(sink, client);
    account.user = "us";
    account.password = "wrong";
    g_autoptr(SmtpReport) report = send_mail(&account, one);
    g_test_message("%s: %s", report->client, result_at(report, 0)->response);
    g_assert_cmpint(result_at(report, 0)->state, ==, RECEIPT_RETRY);
    g_assert_true(report->stops_channel);
    g_assert_cmpuint(smtp_sink_mails_begun(sink), ==, 0);
}

static void test_sign_in_refused(void) {
    SmtpSinkScript script = {.starttls = TRUE,
                             .user = "us",
                             .password = "pw",
                             .is_lenient = TRUE,
                             .directory = directory};
    EACH_CLIENT(client) check_sign_in_refused(&script, client);
    script.starttls = FALSE;
    script.plain_auth = TRUE;
    EACH_CLIENT(client) check_sign_in_refused(&script, client);
    script.plain_auth = FALSE; // it offers no sign-in at all
    EACH_CLIENT(client) check_sign_in_refused(&script, client);
}

static void test_no_starttls(void) {
    const SmtpSinkScript script = {.directory = directory};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    SmtpAccount account = account_of(sink, SMTP_CLIENT_AUTO);
    g_autoptr(SmtpReport) loopback = send_mail(&account, one);
    g_assert_cmpint(result_at(loopback, 0)->state, ==, RECEIPT_SENT);
    account.host = "192.0.2.1"; // documentation: not loopback, not public
    account.tls = SMTP_TLS_NONE;
    g_autoptr(SmtpReport) plain = send_mail(&account, one);
    g_assert_cmpstr(result_at(plain, 0)->response, ==,
                    "without TLS only a server on loopback is used");
}

static void test_private_refused(void) {
    const SmtpSinkScript script = {.directory = directory};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    EACH_CLIENT(client) {
        SmtpAccount account = account_of(sink, client);
        account.host = "10.255.255.1";
        g_autoptr(SmtpReport) report = send_mail(&account, one);
        g_assert_cmpint(result_at(report, 0)->state, ==, RECEIPT_RETRY);
        g_assert_cmpstr(result_at(report, 0)->response, ==,
                        "the host's address 10.255.255.1 is not allowed");
    }
}

static void check_certificate(const char *name, gboolean is_expired, const char *host,
                              gboolean is_trusted) {
    g_autofree char *own = g_dir_make_tmp("dialogd-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(own, "cert.pem", NULL);
    g_autofree char *key = g_build_filename(own, "key.pem", NULL);
    smtp_sink_make_certificate(own, name, is_expired);
    const SmtpSinkScript script = {.starttls = TRUE, .directory = own};
    EACH_CLIENT(client) {
        g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
        SmtpAccount account = account_of(sink, client);
        account.host = host;
        account.ca_file = is_trusted ? path : NULL;
        g_autoptr(SmtpReport) report = send_mail(&account, one);
        g_test_message("%s: %s", report->client, result_at(report, 0)->response);
        g_assert_cmpint(result_at(report, 0)->state, ==, RECEIPT_RETRY);
        g_assert_cmpuint(smtp_sink_mails_begun(sink), ==, 0);
    }
    g_unlink(path);
    g_unlink(key);
    g_rmdir(own);
}

static void test_certificates(void) {
    check_certificate(NULL, TRUE, "localhost", TRUE);
    check_certificate("mail.example.org", FALSE, "localhost", TRUE);
    check_certificate(NULL, FALSE, "localhost", FALSE);
}

static void test_certificate_address(void) {
    const SmtpSinkScript script = {.starttls = TRUE, .directory = directory};
    EACH_CLIENT(client) {
        g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
        SmtpAccount account = account_of(sink, client);
        account.host = "127.0.0.1";
        g_autoptr(SmtpReport) report = send_mail(&account, one);
        g_assert_cmpint(result_at(report, 0)->state, ==, RECEIPT_SENT);
    }
}

static void test_envelope(void) {
    const SmtpSinkScript script = {0};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    SmtpAccount account = account_of(sink, SMTP_CLIENT_LIBESMTP);
    g_autoptr(GBytes) bytes = g_bytes_new_static(mail, sizeof mail - 1);
    const SmtpEnvelope null_path = {.sender = "", .recipients = one};
    g_autoptr(SmtpReport) first = send_mail(&account, one);
    g_autoptr(SmtpReport) second = smtp_send(&account, &null_path, bytes);
    g_assert_cmpint(result_at(second, 0)->state, ==, RECEIPT_SENT);
    const SmtpSinkMail *with_id = smtp_sink_mail(sink, 0), *null = smtp_sink_mail(sink, 1);
    g_assert_nonnull(strstr(with_id->sender, "ENVID=env1"));
    g_assert_nonnull(strstr(with_id->sender, "RET=HDRS"));
    g_assert_nonnull(strstr(with_id->recipients->pdata[0], "NOTIFY=FAILURE,DELAY"));
    g_assert_true(g_str_has_prefix(null->sender, "<>"));
}

static void test_injection(void) {
    const SmtpSinkScript script = {0};
    char *const evil[] = {(char[]){"a@example.org>\r\nRCPT TO:<b@example.org"}, NULL};
    EACH_CLIENT(client) {
        g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
        SmtpAccount account = account_of(sink, client);
        g_autoptr(SmtpReport) report = send_mail(&account, evil);
        g_assert_cmpint(result_at(report, 0)->state, ==, RECEIPT_REFUSED);
        g_assert_cmpuint(smtp_sink_sessions(sink), ==, 0);
    }
}

static void test_international(void) {
    const SmtpSinkScript script = {0};
    char *const domain[] = {(char[]){"a@jäätelö.example"}, NULL};
    char *const local[] = {(char[]){"jäätelö@example.org"}, NULL};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    SmtpAccount account = account_of(sink, SMTP_CLIENT_AUTO);
    g_autoptr(SmtpReport) first = send_mail(&account, domain);
    g_autoptr(SmtpReport) second = send_mail(&account, local);
    g_assert_cmpstr(first->client, ==, "libesmtp");
    g_assert_cmpstr(second->client, ==, "libcurl");
    g_assert_cmpint(result_at(second, 0)->state, ==, RECEIPT_SENT);
    g_assert_nonnull(
        strstr(smtp_sink_mail(sink, 0)->recipients->pdata[0], "a@xn--jtel-loaa3k.example"));
    g_assert_nonnull(strstr(smtp_sink_mail(sink, 1)->sender, "SMTPUTF8"));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    signal(SIGPIPE, SIG_IGN);
    directory = g_dir_make_tmp("dialogd-XXXXXX", NULL);
    ca_file = g_build_filename(directory, "cert.pem", NULL);
    smtp_sink_make_certificate(directory, NULL, FALSE);
#define ADD(name, test) g_test_add_func("/smtp/" name, test)
    ADD("a mail arrives in CRLF lines, without Bcc, dots intact", test_plain);
    ADD("STARTTLS with sign-in works on TLS 1.3 and 1.2", test_starttls);
    ADD("port 465 is libcurl's", test_implicit);
    ADD("a bearer token is libcurl's", test_bearer);
    ADD("many sends in a row over STARTTLS never hang", test_row);
    ADD("each recipient has its own status", test_per_recipient);
    ADD("nobody has a mail whose recipients were all refused", test_all_refused);
    ADD("each failure is retry, refused or unknown as it must be", test_failures);
    ADD("the same holds under TLS", test_failures_tls);
    ADD("a drop within the mail is known to be without effect", test_drop_in_data);
    ADD("a refused sign-in sends nothing and stops the channel", test_sign_in_refused);
    ADD("in clear only loopback is used", test_no_starttls);
    ADD("a private address is refused", test_private_refused);
    ADD("expired, wrongly named and unknown certificates are refused", test_certificates);
    ADD("a certificate for an address is good for it", test_certificate_address);
    ADD("the null path and the envelope id are in the envelope", test_envelope);
    ADD("an address with a line end is refused unsent", test_injection);
    ADD("international domains are encoded, international names need libcurl", test_international);
    int result = g_test_run();
    g_autofree char *key = g_build_filename(directory, "key.pem", NULL);
    g_unlink(key);
    g_unlink(ca_file);
    g_rmdir(directory);
    return result;
}
