#include <poll.h>

#include "base/error.h"
#include "dovecot_fixture.h"
#include "net/imap_fetch.h"
#include "net/imap_session.h"

static Dovecot *dovecot;

static ImapSession *open_session(const char *user, MailTls tls) {
    g_autoptr(GError) error = NULL;
    g_autoptr(MailAccount) account = dovecot_account(dovecot, user, tls);
    ImapSession *session = imap_session_open(account, NULL, &error);
    g_assert_no_error(error);
    return session;
}

static GBytes *mail_numbered(int number) {
    char *text = g_strdup_printf("Message-ID: <m%d@example.org>\r\nSubject: %d\r\n\r\n.%*d\r\n",
                                 number, number, 1 + number % 3000, number);
    return g_bytes_new_take(text, strlen(text));
}

static void append(ImapSession *session, int from, int to) {
    for (int number = from; number < to; number++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) mail = mail_numbered(number);
        imap_session_append(session, "INBOX", "\\Flagged", 837596665000, mail, &error);
        g_assert_no_error(error);
    }
}

static gboolean take_mail(const ImapMail *mail, gpointer data, GError **error) {
    (void)error;
    g_assert_cmpint(mail->arrived_at, ==, 837596665000);
    g_ptr_array_add(data, g_bytes_ref(mail->bytes));
    return TRUE;
}

static void check_fetch(ImapSession *session, const ImapFetchLimits *limits) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) uids = imap_session_list_uids(session, 1, &error);
    g_assert_no_error(error);
    g_autoptr(GArray) sizes =
        imap_session_list_sizes(session, (const guint32 *)(void *)uids->data, uids->len, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    ImapSize culprit;
    imap_session_fetch(session, sizes, limits, take_mail, mails, &culprit, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(mails->len, ==, uids->len);
    for (guint at = 0; at < mails->len; at++) {
        g_autoptr(GBytes) expected = mail_numbered((int)at);
        g_assert_true(g_bytes_equal(expected, mails->pdata[at]));
        g_assert_cmpint(g_array_index(sizes, ImapSize, at).size, ==,
                        (gint64)g_bytes_get_size(expected));
    }
}

static void check_kind_of_connection(const char *user, MailTls tls) {
    static const ImapFetchLimits small = {.in_flight = 4, .uids = 7, .bytes = 2000};
    g_autoptr(ImapSession) session = open_session(user, tls);
    g_autoptr(GError) error = NULL;
    ImapFolder folder;
    append(session, 0, 60);
    imap_session_select(session, "inbox", FALSE, &folder, &error);
    g_assert_no_error(error);
    g_assert_cmpint(folder.exists, ==, 60);
    g_assert_cmpint(folder.uid_validity, >, 0);
    g_assert_cmpint(folder.uid_next, ==, 61);
    check_fetch(session, NULL);
    check_fetch(session, &small);
    g_assert_true(imap_session_has(session, "idle"));
    imap_session_noop(session, &error);
    g_assert_no_error(error);
}

static void test_mails_come_byte_for_byte_in_clear(void) {
    check_kind_of_connection("clear", MAIL_TLS_NONE);
}

static void test_mails_come_byte_for_byte_over_starttls(void) {
    check_kind_of_connection("start", MAIL_TLS_START);
}

static void test_mails_come_byte_for_byte_over_tls(void) {
    check_kind_of_connection("tls", MAIL_TLS_IMPLICIT);
}

static void test_a_wrong_password_is_told_from_a_wrong_certificate(void) {
    g_autoptr(MailAccount) account = dovecot_account(dovecot, "anna", MAIL_TLS_NONE);
    g_autoptr(GError) password = NULL, certificate = NULL, address = NULL;
    account->password[0] = 'S';
    g_assert_null(imap_session_open(account, NULL, &password));
    g_assert_cmpint((int)error_kind(password), ==, ERROR_UNAUTHENTICATED);
    account->allow_private = FALSE;
    g_assert_null(imap_session_open(account, NULL, &address));
    g_assert_cmpint((int)error_kind(address), ==, ERROR_DENIED);
    g_autoptr(MailAccount) unknown = dovecot_account(dovecot, "anna", MAIL_TLS_IMPLICIT);
    g_clear_pointer(&unknown->authorities, g_free);
    g_assert_null(imap_session_open(unknown, NULL, &certificate));
    g_assert_cmpstr(error_code(certificate), ==, "mail_certificate");
}

static void test_folders_are_listed_and_an_unknown_one_is_not_found(void) {
    g_autoptr(ImapSession) session = open_session("lister", MAIL_TLS_NONE);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) folders = imap_session_list(session, &error);
    g_assert_no_error(error);
    gboolean has_sent = FALSE;
    for (guint at = 0; at < folders->len; at++) {
        const ImapListed *listed = folders->pdata[at];
        has_sent |= g_str_equal(listed->name, "Sent") && strstr(listed->flags, "\\sent") != NULL;
    }
    g_assert_true(has_sent);
    ImapFolder folder;
    g_assert_false(imap_session_select(session, "x\" {9}\r\nz1 DELETE", FALSE, &folder, &error));
    g_assert_cmpint((int)error_kind(error), ==, ERROR_NOT_FOUND);
    g_assert_true(imap_session_select(session, "Sent", FALSE, &folder, NULL));
}

static void test_a_message_id_is_found(void) {
    g_autoptr(ImapSession) session = open_session("finder", MAIL_TLS_NONE);
    append(session, 0, 3);
    ImapFolder folder;
    g_assert_true(imap_session_select(session, "INBOX", FALSE, &folder, NULL));
    g_autoptr(GArray) found = imap_session_find_message_id(session, "m1@example.org", NULL);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpuint(g_array_index(found, guint32, 0), ==, 2);
    g_autoptr(GArray) none = imap_session_find_message_id(session, "mm@example.org", NULL);
    g_assert_cmpuint(none->len, ==, 0);
}

static void test_idle_hears_of_a_new_mail(void) {
    g_autoptr(ImapSession) idler = open_session("idler", MAIL_TLS_IMPLICIT);
    g_autoptr(ImapSession) writer = open_session("idler", MAIL_TLS_NONE);
    g_autoptr(GError) error = NULL;
    ImapFolder folder;
    gboolean has_news = FALSE;
    g_assert_true(imap_session_select(idler, "INBOX", FALSE, &folder, NULL));
    imap_session_idle_begin(idler, &error);
    g_assert_no_error(error);
    g_assert_true(imap_session_idle_look(idler, &has_news, NULL));
    g_assert_false(has_news);
    append(writer, 0, 1);
    gint64 until = clock_monotonic() + 5000;
    while (!has_news && clock_monotonic() < until) {
        struct pollfd poller = {.fd = imap_session_socket(idler), .events = POLLIN};
        poll(&poller, 1, 1000);
        g_assert_true(imap_session_idle_look(idler, &has_news, NULL));
    }
    g_assert_true(has_news);
    imap_session_idle_end(idler, &error);
    g_assert_no_error(error);
    g_autoptr(GArray) uids = imap_session_list_uids(idler, 1, NULL);
    g_assert_cmpuint(uids->len, ==, 1);
    g_autoptr(GArray) later = imap_session_list_uids(idler, 2, NULL);
    g_assert_cmpuint(later->len, ==, 0);
}

static void test_skipped(void) {
    g_test_skip("Dovecot or openssl is not installed");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    dovecot = dovecot_start();
    if (dovecot == NULL) {
        g_test_add_func("/imap_session/skipped", test_skipped);
        return g_test_run();
    }
    g_test_add_func("/imap_session/mails-come-byte-for-byte-in-clear",
                    test_mails_come_byte_for_byte_in_clear);
    g_test_add_func("/imap_session/mails-come-byte-for-byte-over-starttls",
                    test_mails_come_byte_for_byte_over_starttls);
    g_test_add_func("/imap_session/mails-come-byte-for-byte-over-tls",
                    test_mails_come_byte_for_byte_over_tls);
    g_test_add_func("/imap_session/a-wrong-password-is-told-from-a-wrong-certificate",
                    test_a_wrong_password_is_told_from_a_wrong_certificate);
    g_test_add_func("/imap_session/folders-are-listed-and-an-unknown-one-is-not-found",
                    test_folders_are_listed_and_an_unknown_one_is_not_found);
    g_test_add_func("/imap_session/a-message-id-is-found", test_a_message_id_is_found);
    g_test_add_func("/imap_session/idle-hears-of-a-new-mail", test_idle_hears_of_a_new_mail);
    int result = g_test_run();
    dovecot_stop(dovecot);
    return result;
}
