#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "desk/lmtp.h"
#include "desk_fixture.h"
#include "mime/parser_process.h"

typedef struct {
    DeskFixture *desk;
    ParserPool *parsers;
    MailIntake *intake;
    Lmtp *lmtp;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autoptr(GError) error = NULL;
    fixture->desk = desk_fixture_new();
    desk_fixture_add_channel(fixture->desk, "email", "support", "support@example.org", 0);
    desk_fixture_add_channel(fixture->desk, "email", "sales", "sales@example.org", 0);
    fixture->parsers = parser_pool_new(1);
    fixture->intake =
        mail_intake_new(fixture->desk->store, fixture->desk->inbound, fixture->parsers);
    fixture->lmtp =
        lmtp_new("127.0.0.1:0", 1000000, fixture->desk->channels, fixture->intake, &error);
    g_assert_no_error(error);
}

static void tear_down(Fixture *fixture, gconstpointer data) {
    (void)data;
    lmtp_free(fixture->lmtp);
    parser_pool_free(fixture->parsers);
    mail_intake_free(fixture->intake);
    desk_fixture_free(fixture->desk);
}

// Sends all at once, and gives all that comes until the server hangs up.
static char *talk(const Fixture *fixture, const char *text) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(lmtp_port(fixture->lmtp)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval wait = {.tv_sec = 10};
    int handle = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    g_assert_cmpint(connect(handle, (struct sockaddr *)&address, sizeof address), ==, 0);
    g_assert_cmpint(write(handle, text, strlen(text)), ==, (ssize_t)strlen(text));
    GString *heard = g_string_new(NULL);
    char buffer[4096];
    for (ssize_t length; (length = read(handle, buffer, sizeof buffer)) > 0;)
        g_string_append_len(heard, buffer, length);
    close(handle);
    return g_string_free(heard, FALSE);
}

#define MAIL(id) "From: c@example.net\r\nSubject: s\r\nMessage-ID: <" id "@x>\r\n\r\nhello\r\n.\r\n"

static void test_a_mail_for_two_channels_is_answered_for_each_and_stored(Fixture *fixture,
                                                                         gconstpointer data) {
    (void)data;
    g_autofree char *heard =
        talk(fixture,
             "LHLO me\r\nMAIL FROM:<c@example.net>\r\nRCPT TO:<Support@Example.org>\r\n"
             "RCPT TO:<sales+c42-x@example.org>\r\nRCPT TO:<nobody@example.org>\r\nDATA\r\n" MAIL(
                 "a") "QUIT\r\n");
    g_assert_nonnull(strstr(heard, "550 5.1.1"));
    g_assert_nonnull(strstr(heard, "354 "));
    g_assert_nonnull(strstr(heard, "250 2.0.0 stored\r\n250 2.0.0 stored\r\n221 "));
    g_assert_cmpint(desk_fixture_int(fixture->desk, "SELECT count(*) FROM intake"), ==, 2);
    g_assert_cmpint(desk_fixture_int(fixture->desk, "SELECT count(*) FROM message"), ==, 1);
    g_autofree char *headers =
        desk_fixture_text(fixture->desk, "SELECT envelope FROM intake ORDER BY id LIMIT 1");
    g_assert_nonnull(strstr(headers, "c@example.net"));
}

static void test_the_same_mail_brought_again_is_stored_once(Fixture *fixture, gconstpointer data) {
    (void)data;
    const char *text = "LHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<support@example.org>\r\nDATA\r\n" MAIL(
        "b") "MAIL FROM:<>\r\nRCPT TO:<support@example.org>\r\nDATA\r\n" MAIL("b") "QUIT\r\n";
    g_autofree char *heard = talk(fixture, text);
    g_assert_nonnull(strstr(heard, "221 "));
    g_assert_cmpint(desk_fixture_int(fixture->desk, "SELECT count(*) FROM intake"), ==, 1);
    g_assert_cmpint(desk_fixture_int(fixture->desk, "SELECT count(*) FROM message"), ==, 1);
}

static void test_a_smuggled_mail_is_not_stored(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_autofree char *heard =
        talk(fixture, "LHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<support@example.org>\r\nDATA\r\n"
                      "Subject: a\r\n\r\nb\n.\nMAIL FROM:<boss@example.org>\r\n");
    g_assert_nonnull(strstr(heard, "554 5.6.0"));
    g_assert_cmpint(desk_fixture_int(fixture->desk, "SELECT count(*) FROM intake"), ==, 0);
}

static void test_replies_tell_what_to_do(void) {
    g_autoptr(GError) full = NULL, busy = NULL;
    Delivery delivery = {.state = DELIVERY_STORED};
    error_set(&full, ERROR_UNAVAILABLE, "disk_full", "full");
    error_set(&busy, ERROR_UNAVAILABLE, "busy", "busy");
    g_assert_true(g_str_has_prefix(lmtp_reply(&delivery, full), "452 4.3.1"));
    g_assert_true(g_str_has_prefix(lmtp_reply(&delivery, busy), "451 4.3.0"));
    g_assert_true(g_str_has_prefix(lmtp_reply(&delivery, NULL), "250"));
    delivery.state = DELIVERY_QUARANTINED;
    g_assert_true(g_str_has_prefix(lmtp_reply(&delivery, NULL), "250"));
    delivery.state = DELIVERY_REFUSED;
    g_assert_true(g_str_has_prefix(lmtp_reply(&delivery, NULL), "554"));
}

static void test_the_envelope_stands_in_front(void) {
    g_autoptr(GBytes) mail = g_bytes_new_static("Subject: a\r\n", 12);
    g_autoptr(GBytes) whole =
        lmtp_mail_with_envelope(mail, "", (const char *const[]){"x@y", "evil\r\nTo: z", NULL});
    static const char expected[] = "Return-Path: <>\r\nDelivered-To: x@y\r\nSubject: a\r\n";
    g_autoptr(GBytes) wanted = g_bytes_new_static(expected, sizeof expected - 1);
    g_assert_true(g_bytes_equal(whole, wanted));
}

int main(int argc, char **argv) {
    if (parser_process_is_wanted(argc, argv))
        return parser_process_main();
    g_test_init(&argc, &argv, NULL);
    secret_init();
    g_test_add("/lmtp/a-mail-for-two-channels-is-answered-for-each-and-stored", Fixture, NULL,
               set_up, test_a_mail_for_two_channels_is_answered_for_each_and_stored, tear_down);
    g_test_add("/lmtp/the-same-mail-brought-again-is-stored-once", Fixture, NULL, set_up,
               test_the_same_mail_brought_again_is_stored_once, tear_down);
    g_test_add("/lmtp/a-smuggled-mail-is-not-stored", Fixture, NULL, set_up,
               test_a_smuggled_mail_is_not_stored, tear_down);
    g_test_add_func("/lmtp/replies-tell-what-to-do", test_replies_tell_what_to_do);
    g_test_add_func("/lmtp/the-envelope-stands-in-front", test_the_envelope_stands_in_front);
    return g_test_run();
}
