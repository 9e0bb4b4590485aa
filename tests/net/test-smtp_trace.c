#include <glib.h>
#include <string.h>

#include "net/smtp_trace.h"

static char *const two[] = {(char[]){"a@example.org"}, (char[]){"b@example.org"}, NULL};

static SmtpTrace *trace_up_to_recipients(unsigned first, unsigned second) {
    SmtpTrace *trace = smtp_trace_new("test", 2);
    smtp_reply_set(&trace->sender, 250, NULL, "ok");
    smtp_reply_set(&trace->recipients[0], first, NULL, "first");
    smtp_reply_set(&trace->recipients[1], second, NULL, "second");
    return trace;
}

static void check(const SmtpTrace *trace, ReceiptState first, ReceiptState second, gboolean stops) {
    g_autoptr(SmtpReport) report = smtp_trace_judge(trace, two);
    const SmtpResult *one = report->results->pdata[0], *other = report->results->pdata[1];
    g_assert_cmpint(one->state, ==, first);
    g_assert_cmpint(other->state, ==, second);
    g_assert_cmpint(report->stops_channel, ==, stops);
    g_assert_nonnull(one->response);
}

static void test_accepted(void) {
    g_autoptr(SmtpTrace) trace = trace_up_to_recipients(250, 550);
    smtp_reply_set(&trace->message, 250, "2.0.0", "queued as X");
    trace->is_handed_over = TRUE;
    check(trace, RECEIPT_SENT, RECEIPT_REFUSED, FALSE);
    g_autoptr(SmtpReport) report = smtp_trace_judge(trace, two);
    const SmtpResult *one = report->results->pdata[0], *other = report->results->pdata[1];
    g_assert_cmpstr(one->response, ==, "250 2.0.0 queued as X");
    g_assert_cmpstr(other->response, ==, "550 second");
}

static void test_all_refused_but_250(void) {
    g_autoptr(SmtpTrace) trace = trace_up_to_recipients(550, 450);
    smtp_reply_set(&trace->message, 250, NULL, "ok");
    check(trace, RECEIPT_REFUSED, RECEIPT_RETRY, FALSE);
}

static void test_lost(void) {
    g_autoptr(SmtpTrace) trace = trace_up_to_recipients(250, 550);
    check(trace, RECEIPT_RETRY, RECEIPT_REFUSED, FALSE);
    trace->is_handed_over = TRUE;
    check(trace, RECEIPT_UNKNOWN, RECEIPT_REFUSED, FALSE);
}

static void test_message_refused(void) {
    g_autoptr(SmtpTrace) trace = trace_up_to_recipients(250, 250);
    trace->is_handed_over = TRUE;
    smtp_reply_set(&trace->message, 554, "5.7.1", "spam");
    check(trace, RECEIPT_REFUSED, RECEIPT_REFUSED, FALSE);
    smtp_reply_set(&trace->message, 451, "4.3.0", "later");
    check(trace, RECEIPT_RETRY, RECEIPT_RETRY, FALSE);
}

static void test_sender_refused(void) {
    g_autoptr(SmtpTrace) trace = smtp_trace_new("test", 2);
    smtp_reply_set(&trace->sender, 550, NULL, "not you");
    check(trace, RECEIPT_REFUSED, RECEIPT_REFUSED, FALSE);
    smtp_reply_set(&trace->sender, 530, NULL, "sign in first");
    check(trace, RECEIPT_RETRY, RECEIPT_RETRY, TRUE);
}

static void test_sign_in_refused(void) {
    g_autoptr(SmtpTrace) trace = smtp_trace_new("test", 2);
    smtp_reply_set(&trace->auth, 535, "5.7.8", "no");
    check(trace, RECEIPT_RETRY, RECEIPT_RETRY, TRUE);
    smtp_reply_set(&trace->auth, 454, "4.7.0", "later");
    check(trace, RECEIPT_RETRY, RECEIPT_RETRY, FALSE);
}

static void test_reply_parse(void) {
    SmtpReply reply = {0};
    const struct {
        const char *line, *status, *text;
        unsigned code;
    } cases[] = {
        {"550 5.1.1 no such user\r\n", "5.1.1", "no such user", 550},
        {"250-2.0.0 more", "2.0.0", "more", 250},
        {"250", NULL, "", 250},
        {"550 5.1 odd", NULL, "5.1 odd", 550},
        {"421 4.7.0 two\nlines\x01", "4.7.0", "two lines", 421},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_assert_true(smtp_reply_parse(cases[at].line, strlen(cases[at].line), &reply));
        g_assert_cmpuint(reply.code, ==, cases[at].code);
        g_assert_cmpstr(reply.status, ==, cases[at].status);
        g_assert_cmpstr(reply.text, ==, cases[at].text);
    }
    g_assert_false(smtp_reply_parse("hello", 5, &reply));
    g_assert_false(smtp_reply_parse("99", 2, &reply));
    g_assert_false(smtp_reply_parse("650 x", 5, &reply));
    smtp_reply_clear(&reply);
}

static void check_wire(const char *input, const char *expected) {
    g_autoptr(GBytes) bytes = g_bytes_new_static(input, strlen(input));
    g_autoptr(GBytes) wire = smtp_bytes_prepare(bytes);
    gsize length;
    const char *text = g_bytes_get_data(wire, &length);
    g_autofree char *got = g_strndup(text, length);
    g_assert_cmpstr(got, ==, expected);
}

static void test_wire(void) {
    check_wire("A: b\n\nbare\n.\nlone\rend", "A: b\r\n\r\nbare\r\n.\r\nlone\r\nend\r\n");
    check_wire("A: b\r\n\r\nx\r\n", "A: b\r\n\r\nx\r\n");
    check_wire("To: a\nBCC: x@y,\n\tz@y\nResent-Bcc : q\nSubject: s\n\nBcc: stays\n",
               "To: a\r\nSubject: s\r\n\r\nBcc: stays\r\n");
    check_wire("Bcc: x\n", "");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add_func("/smtp_trace/" name, test)
    ADD("each recipient has its own fate", test_accepted);
    ADD("250 for the mail accepts nobody whom RCPT refused", test_all_refused_but_250);
    ADD("a lost answer is unknown only after the mail was handed over", test_lost);
    ADD("a refused mail is refused or tried again by its code", test_message_refused);
    ADD("a refused sender refuses all and 530 stops the channel", test_sender_refused);
    ADD("a refused sign-in stops the channel, a passing failure does not", test_sign_in_refused);
    ADD("replies are split into code, enhanced code and text", test_reply_parse);
    ADD("the wire form has CRLF everywhere and no Bcc", test_wire);
    return g_test_run();
}
