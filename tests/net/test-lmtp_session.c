#include <string.h>

#include "net/lmtp_session.h"

static gboolean knows(const char *address, gpointer data) {
    (void)data;
    return g_str_has_suffix(address, "@ours.example");
}

static const LmtpOptions options = {
    .host = "test", .mail_limit = 1000, .recipients = 3, .knows = knows, .data = NULL};

#define BEGIN "LHLO me\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@ours.example>\r\nDATA\r\n"

// Feeds all at once, or byte by byte. Gives the replies' codes: "220 250 ...".
static char *talk(LmtpSession *session, const char *text, gboolean at_once, GString *out) {
    gsize length = strlen(text);
    for (gsize at = 0; at < length; at += at_once ? length : 1)
        lmtp_session_feed(session, text + at, at_once ? length : 1, out);
    g_autoptr(GString) codes = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(out->str, "\r\n", -1);
    for (gsize at = 0; lines[at] != NULL && *lines[at] != '\0'; at++)
        if (lines[at][3] == ' ')
            g_string_append_printf(codes, "%s%.3s", codes->len > 0 ? " " : "", lines[at]);
    return g_strdup(codes->str);
}

static void check(const char *text, const char *expected, const char *mail_text) {
    for (int at_once = 0; at_once < 2; at_once++) {
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(LmtpSession) session = lmtp_session_new(&options, out);
        g_autofree char *codes = talk(session, text, at_once != 0, out);
        g_assert_cmpstr(codes, ==, expected);
        g_autoptr(LmtpMail) mail = lmtp_session_take_mail(session);
        g_assert_true((mail != NULL) == (mail_text != NULL));
        if (mail == NULL)
            continue;
        g_autoptr(GBytes) expected_bytes = g_bytes_new_static(mail_text, strlen(mail_text));
        g_assert_true(g_bytes_equal(mail->bytes, expected_bytes));
        g_assert_cmpstr(mail->sender, ==, "a@b.example");
    }
}

static void test_a_mail_is_taken_with_its_dots_undone(void) {
    check(BEGIN "a\r\n..b\r\n.c\r\n...\r\n\r\n.\r\n", "220 250 250 250 354",
          "a\r\n.b\r\nc\r\n..\r\n\r\n");
    check(BEGIN ".\r\n", "220 250 250 250 354", "");
    check(BEGIN "a\rb\r\r\nc\nd\r\n.\r\n", "220 250 250 250 354", "a\rb\r\r\nc\nd\r\n");
}

static void test_an_end_with_bare_line_feeds_is_refused(void) {
    static const char *const ends[] = {"\n.\n", "\n.\r\n", "\r\n.\n"};
    for (gsize at = 0; at < G_N_ELEMENTS(ends); at++) {
        g_autofree char *text =
            g_strconcat(BEGIN, "a", ends[at],
                        "MAIL FROM:<evil@b.example>\r\nRCPT TO:<x@ours.example>\r\n", NULL);
        check(text, "220 250 250 250 354 554", NULL);
    }
}

static void test_strangers_are_not_taken_and_order_is_kept(void) {
    check("MAIL FROM:<a@b>\r\n", "220 503", NULL);
    check("LHLO me\r\nRCPT TO:<x@ours.example>\r\nDATA\r\n", "220 250 503 503", NULL);
    check("LHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<x@theirs.example>\r\nDATA\r\n",
          "220 250 250 550 503", NULL);
    check("EHLO me\r\nHELO me\r\nQUIT\r\n", "220 500 500 221", NULL);
    check("LHLO me\r\nMAIL FROM:<a@b> SIZE=1001\r\nMAIL FROM:<a@b> SIZE=10 BODY=8BITMIME\r\n",
          "220 250 552 250", NULL);
    check("LHLO me\r\nMAIL FROM:a@b\r\nMAIL FROM:<a b@c>\r\nMAIL FROM:<a@b>x\r\n",
          "220 250 501 501 501", NULL);
}

static void test_lines_must_end_in_crlf(void) {
    check("LHLO me\nMAIL FROM:<a@b>\r\n", "220 500", NULL);
    g_autofree char *line = g_strnfill(3000, 'a');
    check(line, "220 500", NULL);
}

static void test_a_mail_over_the_limit_is_refused_for_each_recipient(void) {
    g_autofree char *body = g_strnfill(1001, 'a');
    g_autofree char *text = g_strconcat("LHLO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<x@ours.example>\r\n"
                                        "RCPT TO:<y@ours.example>\r\nDATA\r\n",
                                        body, "\r\n.\r\nNOOP\r\n", NULL);
    check(text, "220 250 250 250 250 354 552 552 250", NULL);
}

static void test_too_many_recipients_come_again(void) {
    check("LHLO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<1@ours.example>\r\nRCPT TO:<2@ours.example>\r\n"
          "RCPT TO:<3@ours.example>\r\nRCPT TO:<4@ours.example>\r\n",
          "220 250 250 250 250 250 452", NULL);
}

static void test_pipelined_mails_wait_for_the_answer(void) {
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(LmtpSession) session = lmtp_session_new(&options, out);
    const char *text = BEGIN "one\r\n.\r\nMAIL FROM:<c@d.example>\r\nRCPT TO:<x@ours.example>\r\n"
                             "RCPT TO:<y@ours.example>\r\nDATA\r\ntwo\r\n.\r\nQUIT\r\n";
    lmtp_session_feed(session, text, strlen(text), out);
    g_autoptr(LmtpMail) first = lmtp_session_take_mail(session);
    g_assert_true(lmtp_session_is_waiting(session));
    g_string_truncate(out, 0);
    lmtp_session_answer(session, (const char *const[]){"250 first"}, out);
    g_autoptr(LmtpMail) second = lmtp_session_take_mail(session);
    g_assert_cmpstr(second->sender, ==, "c@d.example");
    g_assert_cmpuint(second->recipients->len, ==, 2);
    g_assert_false(lmtp_session_is_over(session));
    g_string_truncate(out, 0);
    lmtp_session_answer(session, (const char *const[]){"250 x", "451 y"}, out);
    g_assert_cmpstr(out->str, ==, "250 x\r\n451 y\r\n221 2.0.0 bye\r\n");
    g_assert_true(lmtp_session_is_over(session));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lmtp_session/a-mail-is-taken-with-its-dots-undone",
                    test_a_mail_is_taken_with_its_dots_undone);
    g_test_add_func("/lmtp_session/an-end-with-bare-line-feeds-is-refused",
                    test_an_end_with_bare_line_feeds_is_refused);
    g_test_add_func("/lmtp_session/strangers-are-not-taken-and-order-is-kept",
                    test_strangers_are_not_taken_and_order_is_kept);
    g_test_add_func("/lmtp_session/lines-must-end-in-crlf", test_lines_must_end_in_crlf);
    g_test_add_func("/lmtp_session/a-mail-over-the-limit-is-refused-for-each-recipient",
                    test_a_mail_over_the_limit_is_refused_for_each_recipient);
    g_test_add_func("/lmtp_session/too-many-recipients-come-again",
                    test_too_many_recipients_come_again);
    g_test_add_func("/lmtp_session/pipelined-mails-wait-for-the-answer",
                    test_pipelined_mails_wait_for_the_answer);
    return g_test_run();
}
