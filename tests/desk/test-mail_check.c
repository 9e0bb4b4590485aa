#include <signal.h>
#include <string.h>

#include "../net/dovecot_fixture.h"
#include "base/error.h"
#include "desk/mail_check.h"

static Dovecot *dovecot;
static const FetchOptions options = {.mail_limit = 1000};

static ChannelConfig *config_new(const char *user, guint16 port) {
    ChannelConfig *config = channel_config_new("email");
    g_autofree char *number = g_strdup_printf("%u", port);
    g_free(config->address);
    config->address = g_strdup("help@example.org");
    channel_config_set(config, "incoming", "imap");
    channel_config_set(config, "imap_host", "127.0.0.1");
    channel_config_set(config, "imap_port", number);
    channel_config_set(config, "imap_security", "plain");
    channel_config_set(config, "imap_user", user);
    channel_config_set(config, "imap_password", "secret");
    return config;
}

static gboolean has_line(const json_t *seen, const char *part) {
    for (gsize at = 0; at < json_array_size(seen); at++)
        if (strstr(json_string_value(json_array_get(seen, at)), part) != NULL)
            return TRUE;
    return FALSE;
}

static void test_a_good_mailbox_is_described(void) {
    g_autoptr(ChannelConfig) config = config_new("check", dovecot->imap);
    g_autoptr(GError) error = NULL;
    json_t *seen = json_array();
    mail_check(config, &options, seen, &error);
    g_assert_no_error(error);
    g_assert_true(has_line(seen, "in clear: signed in"));
    g_assert_true(has_line(seen, "IDLE"));
    g_assert_true(has_line(seen, "folder INBOX: 0 mails"));
    g_assert_true(has_line(seen, "no SMTP server is set"));
    json_decref(seen);
}

static void check_failure(ChannelConfig *config, const char *code) {
    g_autoptr(GError) error = NULL;
    json_t *seen = json_array();
    g_assert_false(mail_check(config, &options, seen, &error));
    g_assert_cmpstr(error_code(error), ==, code);
    json_decref(seen);
}

static void test_what_is_wrong_is_named(void) {
    g_autoptr(ChannelConfig) password = config_new("check", dovecot->imap);
    channel_config_set(password, "imap_password", "wrong");
    check_failure(password, "mail_sign_in");
    g_autoptr(ChannelConfig) folder = config_new("check", dovecot->imap);
    channel_config_set(folder, "imap_folders", "INBOX, None such");
    check_failure(folder, "imap_no");
    g_autoptr(ChannelConfig) tls = config_new("check", dovecot->imap);
    channel_config_set(tls, "imap_security", "tls");
    check_failure(tls, "mail_tls");
    g_autoptr(ChannelConfig) smtp = config_new("check", dovecot->imap);
    g_autofree char *port = g_strdup_printf("%u", free_port());
    channel_config_set(smtp, "smtp_host", "127.0.0.1");
    channel_config_set(smtp, "smtp_port", port);
    channel_config_set(smtp, "smtp_security", "plain");
    check_failure(smtp, "mail_connect");
}

static void test_skipped(void) {
    g_test_skip("Dovecot or openssl is not installed");
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    g_test_init(&argc, &argv, NULL);
    dovecot = dovecot_start();
    if (dovecot == NULL) {
        g_test_add_func("/mail_check/skipped", test_skipped);
        return g_test_run();
    }
    g_test_add_func("/mail_check/a-good-mailbox-is-described", test_a_good_mailbox_is_described);
    g_test_add_func("/mail_check/what-is-wrong-is-named", test_what_is_wrong_is_named);
    int result = g_test_run();
    dovecot_stop(dovecot);
    return result;
}
