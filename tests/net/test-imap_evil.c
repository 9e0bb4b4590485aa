#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "fake_server.h"
#include "net/imap_fetch.h"

// What the evil server does after the sign-in, which it plays fairly.
typedef enum { HUGE, NEGATIVE, OVERFLOW, DRIP, SILENT, BYE, REFUSE, BUSY, FLOOD, UNASKED } Evil;

static const char *literal_of(Evil evil) {
    return evil == HUGE ? "4000000000" : evil == NEGATIVE ? "-1" : "18446744073709551617";
}

static void drip(int socket) {
    for (int count = 0; count < 100; count++) {
        if (write(socket, "* 1 EXISTS\r\n" + count % 12, 1) != 1)
            return;
        g_usleep(20000);
    }
}

static void flood(int socket) {
    g_autofree char *block = g_strnfill(65536, 'a');
    for (int count = 0; count < 100; count++)
        if (write(socket, block, 65536) <= 0)
            return;
}

static void be_evil(int socket, const char *tag, Evil evil) {
    g_autofree char *text = NULL;
    if (evil == DRIP)
        drip(socket);
    else if (evil == SILENT)
        g_usleep(2000000);
    else if (evil == FLOOD)
        flood(socket);
    else if (evil == BYE)
        fake_server_write(socket, "* BYE out of memory\r\n");
    else if (evil == UNASKED) {
        text = g_strdup_printf("* 1 FETCH (UID 5 FLAGS ())\r\n* 9 FETCH (FLAGS () BODY[] \"x\")\r\n"
                               "* 2 FETCH (UID 101 BODY[] {2}\r\nab)\r\n%s OK\r\n",
                               tag);
        fake_server_write(socket, text);
    } else {
        text = g_strdup_printf("* 1 FETCH (UID 101 BODY[] {%s}\r\n", literal_of(evil));
        fake_server_write(socket, text);
        g_usleep(300000);
    }
}

static void serve(int socket, int number, gpointer data) {
    (void)number;
    Evil evil = *(const Evil *)data;
    fake_server_write(socket, "* OK [CAPABILITY IMAP4rev1] hello\r\n");
    for (;;) {
        g_autofree char *line = fake_server_read_line(socket);
        if (line == NULL)
            return;
        g_auto(GStrv) words = g_strsplit(line, " ", 3);
        const char *verb = g_strv_length(words) > 1 ? words[1] : "";
        g_autofree char *answer = NULL;
        if (g_str_equal(verb, "CAPABILITY"))
            answer = g_strdup_printf("* CAPABILITY IMAP4rev1 IDLE\r\n%s OK\r\n", words[0]);
        else if (g_str_equal(verb, "LOGIN"))
            answer = g_strdup_printf("%s %s\r\n", words[0],
                                     evil == REFUSE ? "NO [AUTHENTICATIONFAILED] no"
                                     : evil == BUSY ? "NO [UNAVAILABLE] Temporary failure."
                                                    : "OK in");
        else if (g_str_equal(verb, "UID")) {
            be_evil(socket, words[0], evil);
            if (evil != UNASKED)
                return;
        } else
            answer = g_strdup_printf("%s OK\r\n", words[0]);
        if (answer != NULL)
            fake_server_write(socket, answer);
    }
}

static const MailStreamLimits quick = {
    .connect_ms = 5000, .silence_ms = 500, .drip_ms = 500, .drip_bytes = 50};
static const ImapSessionLimits limits = {.stream = &quick, .reader = NULL};

static ImapSession *open_session(FakeServer *server, GError **error) {
    g_autoptr(MailAccount) account =
        mail_account_new("127.0.0.1", fake_server_port(server), MAIL_TLS_NONE);
    account->user = g_strdup("anna");
    account->password = g_strdup("secret");
    account->allow_private = TRUE;
    return imap_session_open(account, &limits, error);
}

static gboolean count_mail(const ImapMail *mail, gpointer data, GError **error) {
    (void)error;
    g_assert_cmpuint(mail->uid, ==, 101);
    ++*(int *)data;
    return TRUE;
}

// Fetches UID 101 from a server of that kind. Gives the error's code, or NULL; counts mails.
static const char *fetch_from(Evil evil, ImapSize *culprit, int *count) {
    g_autoptr(FakeServer) server = fake_server_new(serve, &evil);
    g_autoptr(GError) error = NULL;
    g_autoptr(ImapSession) session = open_session(server, &error);
    *count = 0;
    if (session != NULL) {
        ImapSize size = {101, 1000};
        g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(ImapSize));
        g_array_append_val(wanted, size);
        imap_session_fetch(session, wanted, NULL, count_mail, count, culprit, &error);
    }
    return error == NULL ? NULL : error_code(error);
}

static void test_every_evil_ends_with_its_error_within_its_time(void) {
    static const struct {
        Evil evil;
        const char *code;
    } cases[] = {
        {HUGE, "imap_literal_too_large"}, {NEGATIVE, "imap_garbage"},   {OVERFLOW, "imap_garbage"},
        {DRIP, "mail_server_lost"},       {SILENT, "mail_server_lost"}, {BYE, "mail_server_bye"},
        {REFUSE, "mail_sign_in"},         {BUSY, "mail_sign_in_busy"},  {FLOOD, "imap_garbage"},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        ImapSize culprit = {0, 0};
        int count = 0;
        gint64 start = clock_monotonic();
        g_assert_cmpstr(fetch_from(cases[at].evil, &culprit, &count), ==, cases[at].code);
        g_assert_cmpint(clock_monotonic() - start, <, 4000);
        g_assert_cmpint(count, ==, 0);
    }
}

static void test_the_mail_that_is_too_large_is_named(void) {
    ImapSize culprit = {0, 0};
    int count = 0;
    g_assert_cmpstr(fetch_from(HUGE, &culprit, &count), ==, "imap_literal_too_large");
    g_assert_cmpuint(culprit.uid, ==, 101);
    g_assert_cmpint(culprit.size, ==, 4000000000);
}

static void test_what_was_not_asked_for_is_passed_over(void) {
    ImapSize culprit = {0, 0};
    int count = 0;
    g_assert_null(fetch_from(UNASKED, &culprit, &count));
    g_assert_cmpint(count, ==, 1);
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/imap_evil/every-evil-ends-with-its-error-within-its-time",
                    test_every_evil_ends_with_its_error_within_its_time);
    g_test_add_func("/imap_evil/the-mail-that-is-too-large-is-named",
                    test_the_mail_that_is_too_large_is_named);
    g_test_add_func("/imap_evil/what-was-not-asked-for-is-passed-over",
                    test_what_was_not_asked_for_is_passed_over);
    return g_test_run();
}
