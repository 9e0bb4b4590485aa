#include <signal.h>
#include <string.h>

#include "../net/fake_server.h"
#include "base/error.h"
#include "desk/outbox_record.h"
#include "send_fixture.h"

static gint64 number_of(SendFixture *fixture, const char *format, Id message_id) {
    char id[ID_TEXT_SIZE];
    g_auto(GStrv) parts = g_strsplit(format, "ID", 2);
    g_autofree char *sql =
        g_strconcat(parts[0], id_format(message_id, id), parts[1] != NULL ? parts[1] : "", NULL);
    return desk_fixture_int(fixture->desk, sql);
}

static char *text_of(SendFixture *fixture, const char *columns, Id message_id) {
    g_autofree char *sql = g_strdup_printf("SELECT %s FROM message m JOIN outbox o ON o.message_id"
                                           " = m.id WHERE m.id = %" G_GINT64_FORMAT,
                                           columns, message_id);
    return desk_fixture_text(fixture->desk, sql);
}

static void test_sent(void) {
    const SmtpSinkScript script = {0};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    send_fixture_start(fixture);
    Id id = send_fixture_reply(fixture, "Se on matkalla.");
    send_fixture_wait(fixture, id, "accepted");
    g_assert_cmpuint(smtp_sink_count(sink), ==, 1);
    const SmtpSinkMail *mail = smtp_sink_mail(sink, 0);
    g_autofree char *key = text_of(fixture, "m.message_key", id);
    g_autofree char *response = text_of(fixture, "o.response", id);
    g_assert_nonnull(strstr(mail->text->str, key));
    g_assert_nonnull(strstr(mail->text->str, "In-Reply-To: <first@example.com>"));
    g_assert_nonnull(strstr(mail->text->str, "Subject: Re: Tilaus"));
    g_assert_nonnull(strstr(mail->recipients->pdata[0], "Matti@example.com"));
    g_assert_true(g_str_has_prefix(mail->sender, "<support@example.org>"));
    g_assert_cmpstr(response, ==, "250 2.0.0 Ok: queued as SINK1");
    g_assert_cmpint(send_fixture_events(fixture, "reply_written"), ==, 1);
    g_assert_cmpint(send_fixture_events(fixture, "message_sent"), ==, 1);
    g_assert_cmpint(desk_fixture_int(fixture->desk, "SELECT count(*) FROM wait WHERE state ="
                                                    " 'answered'"),
                    ==, 1);
}

// Three replies leave in the order in which they were written.
static void test_order(void) {
    const SmtpSinkScript script = {0};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    Id ids[3];
    for (int at = 0; at < 3; at++) {
        g_autofree char *text = g_strdup_printf("reply number %d", at);
        ids[at] = send_fixture_reply(fixture, text);
    }
    send_fixture_start(fixture);
    send_fixture_wait(fixture, ids[2], "accepted");
    g_assert_cmpuint(smtp_sink_count(sink), ==, 3);
    for (guint at = 0; at < 3; at++) {
        g_autofree char *text = g_strdup_printf("reply number %u", at);
        g_assert_nonnull(strstr(smtp_sink_mail(sink, at)->text->str, text));
    }
}

static void test_unknown(void) {
    const char *const rules[] = {"dot=drop", NULL};
    const SmtpSinkScript script = {.rules = rules};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    send_fixture_start(fixture);
    Id id = send_fixture_reply(fixture, "Se on matkalla.");
    send_fixture_wait(fixture, id, "unknown");
    outbox_wake(fixture->outbox);
    g_usleep(200000);
    g_assert_cmpuint(smtp_sink_mails_begun(sink), ==, 1); // never again by itself
    g_assert_cmpint(send_fixture_events(fixture, "reply_unknown"), ==, 1);
    g_assert_cmpint(send_fixture_events(fixture, "message_sent"), ==, 0);
}

static gboolean run_mark_sent(Db *db, gpointer data, GError **error) {
    return outbox_mark_sent(db, *(Id *)data, error);
}

static gboolean run_send_again(Db *db, gpointer data, GError **error) {
    return outbox_send_again(db, *(Id *)data, error);
}

static gboolean run_cancel(Db *db, gpointer data, GError **error) {
    return outbox_cancel(db, *(Id *)data, error);
}

static void test_decisions(void) {
    const char *const rules[] = {"dot=drop", NULL};
    const SmtpSinkScript script = {.rules = rules};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    send_fixture_start(fixture);
    Id first = send_fixture_reply(fixture, "one"), second = send_fixture_reply(fixture, "two");
    send_fixture_wait(fixture, first, "unknown");
    send_fixture_wait(fixture, second, "unknown");
    desk_fixture_write(fixture->desk, run_mark_sent, &first);
    g_autofree char *state = send_fixture_state(fixture, first);
    g_assert_cmpstr(state, ==, "accepted");
    g_assert_cmpint(send_fixture_events(fixture, "message_sent"), ==, 1);
    desk_fixture_write(fixture->desk, run_send_again, &second);
    for (int try = 0; try < 500 && smtp_sink_mails_begun(sink) < 3; try++)
        g_usleep(10000);
    send_fixture_wait(fixture, second, "unknown");
    g_assert_cmpuint(smtp_sink_mails_begun(sink), ==, 3);
    g_autoptr(GError) error = NULL;
    g_assert_false(writer_run(store_writer(fixture->desk->store), run_cancel, &second, &error));
    g_assert_cmpstr(error_code(error), ==, "message_state");
}

static void test_undo(void) {
    const SmtpSinkScript script = {0};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    g_autoptr(Reply) reply = reply_new();
    send_fixture_start(fixture);
    reply->conversation_id = fixture->conversation_id;
    reply->text = g_strdup("too fast");
    reply->undo_ms = 60000;
    send_fixture_write(fixture, reply);
    g_autofree char *held = send_fixture_state(fixture, reply->message_id);
    g_assert_cmpstr(held, ==, "held");
    desk_fixture_write(fixture->desk, run_cancel, &reply->message_id);
    send_fixture_wait(fixture, reply->message_id, "cancelled");
    g_assert_cmpint(send_fixture_events(fixture, "reply_failed"), ==, 1);
    g_assert_cmpuint(smtp_sink_sessions(sink), ==, 0);
}

static void test_undo_of_a_resolving_reply(void) {
    const SmtpSinkScript script = {0};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    g_autoptr(Reply) reply = reply_new();
    reply->conversation_id = fixture->conversation_id;
    reply->text = g_strdup("too fast");
    reply->status = g_strdup("resolved");
    reply->undo_ms = 60000;
    send_fixture_write(fixture, reply);
    g_autofree char *resolved = desk_fixture_text(fixture->desk, "SELECT status FROM conversation");
    g_assert_cmpstr(resolved, ==, "resolved");
    desk_fixture_write(fixture->desk, run_cancel, &reply->message_id);
    g_autofree char *status = desk_fixture_text(fixture->desk, "SELECT status FROM conversation");
    g_assert_cmpstr(status, ==, "open");
    g_autofree char *wait = desk_fixture_text(fixture->desk, "SELECT state FROM wait");
    g_assert_cmpstr(wait, ==, "open");
}

static void test_retry(void) {
    const char *const rules[] = {"rcpt=451 4.7.1 greylisted", NULL};
    const SmtpSinkScript script = {.rules = rules};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    send_fixture_start(fixture);
    Id id = send_fixture_reply(fixture, "later");
    for (int try = 0; try < 500; try++) {
        g_autofree char *state = text_of(fixture, "o.state", id);
        if (strcmp(state, "retry") == 0)
            break;
        g_usleep(10000);
    }
    gint64 wait =
        number_of(fixture, "SELECT not_before FROM outbox WHERE message_id = ID", id) - clock_now();
    g_autofree char *state = send_fixture_state(fixture, id);
    g_autofree char *reason = text_of(fixture, "m.state_reason", id);
    g_assert_cmpint(wait, >, 50000);
    g_assert_cmpint(wait, <, 67000);
    g_assert_cmpstr(state, ==, "queued");
    g_assert_cmpstr(reason, ==, "Matti@example.com: 451 4.7.1 greylisted");
}

static void test_refused_recipient(void) {
    const char *const rules[] = {"rcpt:gone@=550 5.1.1 no such user", NULL};
    const SmtpSinkScript script = {.rules = rules};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    g_autoptr(Reply) reply = reply_new();
    send_fixture_start(fixture);
    reply->conversation_id = fixture->conversation_id;
    reply->text = g_strdup("hello");
    g_ptr_array_add(reply->to, party_new("matti@example.com", "Matti"));
    g_ptr_array_add(reply->bcc, party_new("gone@example.com", NULL));
    send_fixture_write(fixture, reply);
    send_fixture_wait(fixture, reply->message_id, "accepted");
    g_autofree char *reason = text_of(fixture, "m.state_reason", reply->message_id);
    g_assert_cmpstr(reason, ==, "gone@example.com: 550 5.1.1 no such user");
    g_assert_null(strstr(smtp_sink_mail(sink, 0)->text->str, "gone@"));
    Id only = 0;
    {
        g_autoptr(Reply) other = reply_new();
        other->conversation_id = fixture->conversation_id;
        other->text = g_strdup("hello");
        g_ptr_array_add(other->to, party_new("gone@example.com", NULL));
        send_fixture_write(fixture, other);
        only = other->message_id;
    }
    send_fixture_wait(fixture, only, "refused");
    g_assert_cmpint(send_fixture_events(fixture, "reply_failed"), ==, 1);
}

static void test_stopped_channel(void) {
    const SmtpSinkScript script = {.user = "us", .password = "right", .plain_auth = TRUE};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    send_fixture_set(fixture, fixture->channel_id, "smtp_user", "us");
    send_fixture_set(fixture, fixture->channel_id, "smtp_password", "wrong");
    send_fixture_start(fixture);
    Id id = send_fixture_reply(fixture, "hello");
    for (int try = 0;
         try < 500 && desk_fixture_int(fixture->desk, "SELECT count(*) FROM channel WHERE state"
                                                      " = 'needs_sign_in'") == 0;
         try++)
        g_usleep(10000);
    g_usleep(200000);
    g_assert_cmpuint(smtp_sink_sessions(sink), ==, 1); // not tried again until it is mended
    send_fixture_set(fixture, fixture->channel_id, "smtp_password", "right");
    send_fixture_wait(fixture, id, "accepted");
    g_assert_cmpstr(smtp_sink_mail(sink, 0)->user, ==, "us");
}

static gboolean run_sql(Db *db, gpointer data, GError **error) {
    return db_run(db, data, DB_NO_VALUES, error);
}

// What a killed process leaves behind.
static void test_recovery(void) {
    const SmtpSinkScript script = {0};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    Id sending = send_fixture_reply(fixture, "one"), claimed = send_fixture_reply(fixture, "two");
    g_autofree char *first = g_strdup_printf(
        "UPDATE outbox SET state = 'sending', lease_until = 1, began_at = 1 WHERE message_id = "
        "%" G_GINT64_FORMAT,
        sending);
    g_autofree char *second = g_strdup_printf(
        "UPDATE outbox SET state = 'claimed', lease_until = 1 WHERE message_id = %" G_GINT64_FORMAT,
        claimed);
    desk_fixture_write(fixture->desk, run_sql, first);
    desk_fixture_write(fixture->desk, run_sql, second);
    send_fixture_start(fixture);
    send_fixture_wait(fixture, sending, "unknown");
    send_fixture_wait(fixture, claimed, "accepted");
    g_assert_cmpuint(smtp_sink_count(sink), ==, 1);
}

static void test_bounce(void) {
    const SmtpSinkScript script = {0};
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    send_fixture_start(fixture);
    Id id = send_fixture_reply(fixture, "hello");
    send_fixture_wait(fixture, id, "accepted");
    Incoming *bounce = desk_fixture_mail("mailer-daemon@example.com", "support@example.org",
                                         "dsn@example.com", "Undelivered", "It bounced.");
    bounce->is_automatic = TRUE;
    bounce->mail->class = MAIL_BOUNCE;
    bounce->mail->is_automatic = TRUE;
    g_ptr_array_add(bounce->mail->reports,
                    mail_report_new("matti@example.com", "failed", "5.2.2", "mailbox full"));
    bounce->mail->report_about = text_of(fixture, "m.message_key", id);
    g_autoptr(Delivery) delivery =
        desk_fixture_delivery(fixture->desk, fixture->channel_id, bounce, clock_now());
    desk_fixture_store(fixture->desk, delivery);
    g_autofree char *state = send_fixture_state(fixture, id);
    g_autofree char *reason = text_of(fixture, "m.state_reason", id);
    g_assert_cmpstr(state, ==, "refused");
    g_assert_cmpstr(reason, ==, "Matti@example.com: bounced: 5.2.2 mailbox full");
    g_assert_cmpint(delivery->conversation_id, ==, fixture->conversation_id);
}

static gint requests;

static void answer_hook(int socket, int number, gpointer data) {
    char *request;
    (void)number;
    while ((request = fake_server_read_http(socket)) != NULL) {
        gint count = g_atomic_int_add(&requests, 1);
        g_free(request);
        if (count == 0)
            fake_server_write(socket, "HTTP/1.1 429 Too Many\r\nRetry-After: 1\r\n"
                                      "Content-Length: 0\r\n\r\n");
        else
            fake_server_write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n"
                                      "{\"id\": \"out-77\"}");
    }
    (void)data;
}

// One server hangs with all that its channel may have at once; another channel's mail leaves.
static void test_hanging_server(void) {
    const char *const rules[] = {"greeting=hang", NULL};
    const SmtpSinkScript hanging_script = {.rules = rules}, script = {0};
    g_autoptr(SmtpSink) hanging = smtp_sink_new(&hanging_script);
    g_autoptr(SmtpSink) sink = smtp_sink_new(&script);
    g_autoptr(SendFixture) fixture = send_fixture_new(smtp_sink_port(sink));
    g_autofree char *port = g_strdup_printf("%u", smtp_sink_port(hanging));
    Id other = desk_fixture_add_channel(fixture->desk, "email", "Sales", "sales@example.org", 0);
    send_fixture_set(fixture, other, "smtp_host", "localhost");
    send_fixture_set(fixture, other, "smtp_port", port);
    for (int at = 0; at < 40; at++) {
        g_autoptr(Reply) reply = reply_new();
        g_autofree char *address = g_strdup_printf("c%d@example.com", at);
        reply->channel_id = other;
        reply->text = g_strdup("hello");
        g_ptr_array_add(reply->to, party_new(address, NULL));
        send_fixture_write(fixture, reply);
    }
    send_fixture_start(fixture);
    Id id = send_fixture_reply(fixture, "Se on matkalla.");
    send_fixture_wait(fixture, id, "accepted");
    g_assert_cmpuint(smtp_sink_sessions(hanging), <=, 2);
    g_clear_pointer(&hanging, smtp_sink_free); // lets the sessions end
}

static void receive_status(SendFixture *fixture, Id channel_id, const char *key) {
    Incoming *status = incoming_new(INCOMING_DELIVERED);
    status->event_key = g_strdup("status-1");
    status->message_key = g_strdup(key);
    if (status->from == NULL)
        status->from = party_new("c1", NULL);
    g_autoptr(Delivery) delivery =
        desk_fixture_delivery(fixture->desk, channel_id, status, clock_now());
    desk_fixture_store(fixture->desk, delivery);
}

static void test_http(void) {
    g_autoptr(FakeServer) server = fake_server_new(answer_hook, NULL);
    g_autoptr(SendFixture) fixture = send_fixture_new(1);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/out", fake_server_port(server));
    Id channel_id = desk_fixture_add_channel(fixture->desk, "generic", "Shop", "", 0);
    send_fixture_set(fixture, channel_id, "url", url);
    Incoming *incoming = incoming_new(INCOMING_MESSAGE);
    incoming->event_key = g_strdup("e1");
    incoming->message_key = g_strdup("m1");
    incoming->thread_key = g_strdup("t1");
    party_free(incoming->from);
    incoming->from = party_new("c1", "Customer");
    g_free(incoming->text);
    g_free(incoming->new_text);
    incoming->text = g_strdup("hi");
    incoming->new_text = g_strdup("hi");
    g_autoptr(Delivery) delivery =
        desk_fixture_delivery(fixture->desk, channel_id, incoming, clock_now());
    desk_fixture_store(fixture->desk, delivery);
    receive_status(fixture, channel_id, "out-77"); // before the answer that names it
    send_fixture_start(fixture);
    g_autoptr(Reply) reply = reply_new();
    reply->conversation_id = delivery->conversation_id;
    reply->text = g_strdup("hello");
    send_fixture_write(fixture, reply);
    gint64 began = g_get_monotonic_time();
    send_fixture_wait(fixture, reply->message_id, "delivered");
    g_assert_cmpint(send_fixture_events(fixture, "message_sent"), ==, 1);
    g_assert_cmpint(g_get_monotonic_time() - began, >=, 900000); // Retry-After
    g_assert_cmpint(g_atomic_int_get(&requests), ==, 2);
    g_autofree char *provider = text_of(fixture, "o.provider_id", reply->message_id);
    g_assert_cmpstr(provider, ==, "out-77");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    signal(SIGPIPE, SIG_IGN);
    secret_init();
#define ADD(name, test) g_test_add_func("/outbox/" name, test)
    ADD("a reply reaches the server and answers the wait", test_sent);
    ADD("replies of a conversation leave in order", test_order);
    ADD("a lost answer is unknown and nothing is sent again by itself", test_unknown);
    ADD("an agent marks an unknown one as sent, or sends it again", test_decisions);
    ADD("a held reply can be cancelled", test_undo);
    ADD("cancelling a reply that resolved opens again", test_undo_of_a_resolving_reply);
    ADD("a passing refusal is tried again after a minute", test_retry);
    ADD("each recipient is refused for itself", test_refused_recipient);
    ADD("a refused sign-in stops the channel until it is mended", test_stopped_channel);
    ADD("after a crash what was being sent is unknown and the rest goes out", test_recovery);
    ADD("a bounce refuses the message it is about", test_bounce);
    ADD("a server that hangs holds up no other channel", test_hanging_server);
    ADD("a provider's Retry-After and its early word of delivery are respected", test_http);
    return g_test_run();
}
