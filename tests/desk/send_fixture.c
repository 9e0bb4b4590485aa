#include "send_fixture.h"

#include <string.h>

#include "channels/registry.h"
#include "store/channel.h"

typedef struct {
    SendFixture *fixture;
    ChannelConfig *config;
} ChangeJob;

static gboolean run_change(Db *db, gpointer data, GError **error) {
    ChangeJob *job = data;
    return channel_change(db, store_key(job->fixture->desk->store),
                          registry_find(job->config->kind), job->config, error);
}

void send_fixture_set(SendFixture *fixture, Id channel_id, const char *name, const char *value) {
    g_autoptr(GError) error = NULL;
    Store *store = fixture->desk->store;
    Db *db = store_reader_take(store, &error);
    g_autoptr(ChannelConfig) config = channel_get(db, store_key(store), channel_id, &error);
    g_assert_no_error(error);
    store_reader_give(store, db);
    channel_config_set(config, name, value);
    ChangeJob job = {fixture, config};
    desk_fixture_write(fixture->desk, run_change, &job);
}

SendFixture *send_fixture_new(guint16 smtp_port) {
    SendFixture *fixture = g_new0(SendFixture, 1);
    g_autofree char *port = g_strdup_printf("%u", smtp_port);
    fixture->desk = desk_fixture_new();
    fixture->http = http_client_new();
    fixture->channel_id =
        desk_fixture_add_channel(fixture->desk, "email", "Support", "support@example.org", 0);
    send_fixture_set(fixture, fixture->channel_id, "smtp_host", "localhost");
    send_fixture_set(fixture, fixture->channel_id, "smtp_port", port);
    send_fixture_set(fixture, fixture->channel_id, "smtp_security", "plain");
    send_fixture_set(fixture, fixture->channel_id, "signature", "The support team");
    Incoming *mail = desk_fixture_mail("Matti@example.com", "support@example.org",
                                       "first@example.com", "Tilaus", "Missä on tilaukseni?\n");
    g_autoptr(Delivery) delivery =
        desk_fixture_delivery(fixture->desk, fixture->channel_id, mail, clock_now() - 60000);
    desk_fixture_store(fixture->desk, delivery);
    fixture->conversation_id = delivery->conversation_id;
    fixture->message_id = delivery->message_id;
    return fixture;
}

void send_fixture_start(SendFixture *fixture) {
    g_autoptr(GError) error = NULL;
    const OutboxOptions options = {.smtp_threads = 3};
    fixture->outbox =
        outbox_new(fixture->desk->store, fixture->desk->channels, fixture->http, &options, &error);
    g_assert_no_error(error);
}

void send_fixture_stop(SendFixture *fixture) {
    if (fixture->outbox == NULL)
        return;
    g_assert_true(outbox_stop(fixture->outbox));
    g_clear_pointer(&fixture->outbox, outbox_free);
}

void send_fixture_free(SendFixture *fixture) {
    send_fixture_stop(fixture);
    http_client_free(fixture->http);
    desk_fixture_free(fixture->desk);
    g_free(fixture);
}

static gboolean run_reply(Db *db, gpointer data, GError **error) {
    return reply_write(db, data, error);
}

void send_fixture_write(SendFixture *fixture, Reply *reply) {
    g_autoptr(GError) error = NULL;
    ReplyContext context = {.store = fixture->desk->store, .channels = fixture->desk->channels};
    reply_prepare(reply, &context, &error);
    g_assert_no_error(error);
    desk_fixture_write(fixture->desk, run_reply, reply);
}

Id send_fixture_reply(SendFixture *fixture, const char *text) {
    g_autoptr(Reply) reply = reply_new();
    reply->conversation_id = fixture->conversation_id;
    reply->text = g_strdup(text);
    send_fixture_write(fixture, reply);
    return reply->message_id;
}

char *send_fixture_state(SendFixture *fixture, Id message_id) {
    g_autofree char *sql =
        g_strdup_printf("SELECT state FROM message WHERE id = %" G_GINT64_FORMAT, message_id);
    return desk_fixture_text(fixture->desk, sql);
}

void send_fixture_wait(SendFixture *fixture, Id message_id, const char *state) {
    for (int try = 0; try < 1000; try++) {
        g_autofree char *present = send_fixture_state(fixture, message_id);
        if (strcmp(present, state) == 0)
            return;
        g_usleep(10000);
    }
    g_autofree char *present = send_fixture_state(fixture, message_id);
    g_assert_cmpstr(present, ==, state);
}

gint64 send_fixture_events(SendFixture *fixture, const char *type) {
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM event WHERE type = '%s'", type);
    return desk_fixture_int(fixture->desk, sql);
}
