// The copy in the Sent folder and looking an unknown mail up there, against a real Dovecot.
#include <signal.h>
#include <string.h>

#include "../net/dovecot_fixture.h"
#include "base/error.h"
#include "desk/outbox_reconcile.h"
#include "desk/sent_folder.h"
#include "net/imap_session.h"
#include "send_fixture.h"

static Dovecot *dovecot;

static ChannelConfig *channel_new(const char *user) {
    ChannelConfig *channel = channel_config_new("email");
    g_autofree char *port = g_strdup_printf("%u", dovecot->imap);
    g_free(channel->name);
    g_free(channel->address);
    channel->name = g_strdup(user);
    channel->address = g_strconcat(user, "@example.org", NULL);
    channel_config_set(channel, "incoming", "imap");
    channel_config_set(channel, "imap_host", "127.0.0.1");
    channel_config_set(channel, "imap_port", port);
    channel_config_set(channel, "imap_security", "plain");
    channel_config_set(channel, "imap_user", user);
    channel_config_set(channel, "imap_password", "secret");
    channel_config_set(channel, "imap_sent_folder", "auto");
    return channel;
}

static gint64 count_sent(const char *user) {
    g_autoptr(GError) error = NULL;
    g_autoptr(MailAccount) account = dovecot_account(dovecot, user, MAIL_TLS_NONE);
    g_autoptr(ImapSession) session = imap_session_open(account, NULL, &error);
    g_assert_no_error(error);
    ImapFolder folder = {0};
    if (!imap_session_select(session, "Sent", FALSE, &folder, NULL))
        return 0;
    return folder.exists;
}

static GBytes *mail_new_bytes(const char *id) {
    char *text = g_strdup_printf("Message-ID: <%s>\r\nSubject: s\r\n\r\nHello\r\n", id);
    return g_bytes_new_take(text, strlen(text));
}

static void test_copy(void) {
    const FetchOptions options = {0};
    g_autoptr(ChannelConfig) channel = channel_new("copy");
    g_autoptr(GBytes) mail = mail_new_bytes("one@example.org");
    g_autoptr(GError) error = NULL;
    gboolean found = TRUE;
    g_assert_true(sent_folder_find(channel, &options, "one@example.org", &found, &error));
    g_assert_false(found);
    sent_folder_copy(channel, &options, "one@example.org", mail);
    sent_folder_copy(channel, &options, "one@example.org", mail);
    g_assert_cmpint(count_sent("copy"), ==, 1); // once, however often it is tried
    g_assert_true(sent_folder_find(channel, &options, "one@example.org", &found, &error));
    g_assert_true(found);
}

static void test_setting(void) {
    const struct {
        const char *copy, *host;
        gboolean is_ours;
    } cases[] = {{"auto", "mail.example.org", TRUE},    {"auto", "smtp.gmail.com", FALSE},
                 {"auto", "SMTP.Office365.com", FALSE}, {"yes", "smtp.gmail.com", TRUE},
                 {"no", "mail.example.org", FALSE},     {NULL, NULL, TRUE}};
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autoptr(ChannelConfig) channel = channel_new("setting");
        channel_config_set(channel, "sent_copy", cases[at].copy);
        channel_config_set(channel, "smtp_host", cases[at].host);
        g_assert_cmpint(sent_folder_is_ours(channel), ==, cases[at].is_ours);
    }
}

static void set_imap(SendFixture *fixture, const char *user) {
    static const char *const names[] = {"incoming", "imap_host", "imap_security", "imap_password",
                                        "imap_sent_folder"};
    static const char *const values[] = {"imap", "127.0.0.1", "plain", "secret", "Sent"};
    g_autofree char *port = g_strdup_printf("%u", dovecot->imap);
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++)
        send_fixture_set(fixture, fixture->channel_id, names[at], values[at]);
    send_fixture_set(fixture, fixture->channel_id, "imap_port", port);
    send_fixture_set(fixture, fixture->channel_id, "imap_user", user);
    send_fixture_set(fixture, fixture->channel_id, "smtp_user", NULL);
}

// The server took the mail and kept a copy, but its answer was lost.
static void test_look_up(void) {
    const char *const rules[] = {"accepted=drop", NULL};
    const SmtpSinkScript script = {
        .rules = rules, .plain_auth = TRUE, .user = "lost", .password = "secret"};
    const FetchOptions options = {0};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    g_autoptr(ChannelConfig) channel = channel_new("lost");
    g_autoptr(GError) error = NULL;
    gboolean found = TRUE;
    set_imap(fixture, "lost");
    send_fixture_start(fixture);
    Id id = send_fixture_reply(fixture, "Se on matkalla.");
    send_fixture_wait(fixture, id, "unknown");
    g_assert_true(outbox_look_up(fixture->outbox, id, &found, &error));
    g_assert_false(found);
    g_autofree char *sql =
        g_strdup_printf("SELECT message_key FROM message WHERE id = %" G_GINT64_FORMAT, id);
    g_autofree char *key = desk_fixture_text(fixture->desk, sql);
    g_autoptr(GBytes) mail = mail_new_bytes(key);
    sent_folder_copy(channel, &options, key, mail);
    g_assert_true(outbox_look_up(fixture->outbox, id, &found, &error));
    g_assert_true(found);
    send_fixture_wait(fixture, id, "accepted");
    g_assert_cmpint(send_fixture_events(fixture, "message_sent"), ==, 1);
    g_assert_false(outbox_look_up(fixture->outbox, id, &found, &error));
    g_assert_cmpstr(error_code(error), ==, "message_state");
}

static void test_reconciled(void) {
    const char *const rules[] = {"accepted=drop", NULL};
    const SmtpSinkScript script = {
        .rules = rules, .plain_auth = TRUE, .user = "auto", .password = "secret"};
    const FetchOptions options = {0};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    g_autoptr(ChannelConfig) channel = channel_new("auto");
    set_imap(fixture, "auto");
    send_fixture_start(fixture);
    Id id = send_fixture_reply(fixture, "Se on matkalla.");
    send_fixture_wait(fixture, id, "unknown");
    g_autofree char *sql =
        g_strdup_printf("SELECT message_key FROM message WHERE id = %" G_GINT64_FORMAT, id);
    g_autofree char *key = desk_fixture_text(fixture->desk, sql);
    g_autoptr(GBytes) mail = mail_new_bytes(key);
    sent_folder_copy(channel, &options, key, mail);
    send_fixture_stop(fixture);
    clock_fix(clock_now() + 60000); // a minute later the server starts again
    send_fixture_start(fixture);
    send_fixture_wait(fixture, id, "accepted");
    clock_fix(INSTANT_NONE);
}

static void test_steps(void) {
    g_assert_cmpuint(outbox_reconcile_steps(9999), ==, 0);
    g_assert_cmpuint(outbox_reconcile_steps(10000), ==, 1);
    g_assert_cmpuint(outbox_reconcile_steps(900000), ==, 4);
    g_assert_cmpuint(outbox_reconcile_steps(G_MAXINT64), ==, 5);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    signal(SIGPIPE, SIG_IGN);
    secret_init();
    dovecot = dovecot_start();
    g_test_add_func("/sent_folder/a copy is made unless the provider keeps one", test_setting);
    g_test_add_func("/sent_folder/look-ups grow rarer with age", test_steps);
    if (dovecot == NULL) {
        g_test_message("Dovecot is not installed: nothing is tried against it");
        return g_test_run();
    }
    g_test_add_func("/sent_folder/a mail is copied once", test_copy);
    g_test_add_func("/sent_folder/an unknown mail that stands there was sent", test_look_up);
    g_test_add_func("/sent_folder/unknown mails are looked up by themselves", test_reconciled);
    int result = g_test_run();
    dovecot_stop(dovecot);
    return result;
}
