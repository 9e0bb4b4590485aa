#include "desk_fixture.h"

#include <string.h>

#include "channels/registry.h"
#include "store/channel.h"

DeskFixture *desk_fixture_new(void) {
    DeskFixture *fixture = g_new0(DeskFixture, 1);
    fixture->scratch = scratch_new();
    g_autoptr(GError) error = NULL;
    fixture->store = store_open(fixture->scratch.directory, TRUE, &error);
    g_assert_no_error(error);
    fixture->channels = channel_directory_new(fixture->store, &error);
    g_assert_no_error(error);
    fixture->inbound = inbound_new(store_key(fixture->store), fixture->channels);
    return fixture;
}

void desk_fixture_free(DeskFixture *fixture) {
    inbound_free(fixture->inbound);
    channel_directory_free(fixture->channels);
    store_close(fixture->store);
    scratch_clear(&fixture->scratch);
    g_free(fixture);
}

typedef struct {
    DeskFixture *fixture;
    ChannelConfig *config;
} ChannelJob;

static gboolean run_add_channel(Db *db, gpointer data, GError **error) {
    ChannelJob *job = data;
    return channel_add(db, store_key(job->fixture->store), registry_find(job->config->kind),
                       job->config, error);
}

Id desk_fixture_add_channel(DeskFixture *fixture, const char *kind, const char *name,
                            const char *address, Instant waits_from) {
    g_autoptr(ChannelConfig) config = channel_config_new(kind);
    config->id = id_next();
    g_free(config->name);
    config->name = g_strdup(name);
    g_free(config->address);
    config->address = g_strdup(address);
    g_free(config->key);
    config->key = secret_token("", 128);
    config->waits_from = waits_from;
    config->created_at = waits_from;
    ChannelJob job = {fixture, config};
    desk_fixture_write(fixture, run_add_channel, &job);
    return config->id;
}

Delivery *desk_fixture_delivery(DeskFixture *fixture, Id channel_id, Incoming *incoming,
                                Instant received_at) {
    g_autofree char *key = g_strdup_printf("delivery-%u", fixture->deliveries++);
    GBytes *raw = g_bytes_new(key, strlen(key));
    Delivery *delivery =
        delivery_new(channel_id, incoming->mail != NULL ? "lmtp" : "webhook", key, raw);
    delivery->received_at = received_at;
    delivery_take_incoming(delivery, incoming);
    return delivery;
}

void desk_fixture_store(DeskFixture *fixture, Delivery *delivery) {
    g_autoptr(GError) error = NULL;
    delivery_prepare(delivery, fixture->store, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) deliveries = g_ptr_array_new();
    g_ptr_array_add(deliveries, delivery);
    inbound_store_all(store_writer(fixture->store), fixture->inbound, deliveries, &error);
    g_assert_no_error(error);
}

Incoming *desk_fixture_mail(const char *from, const char *to, const char *message_id,
                            const char *subject, const char *text) {
    Incoming *incoming = incoming_new(INCOMING_MESSAGE);
    party_free(incoming->from);
    incoming->from = party_new(from, NULL);
    incoming->subject = g_strdup(subject);
    g_free(incoming->text);
    g_free(incoming->new_text);
    incoming->text = g_strdup(text);
    incoming->new_text = g_strdup(text);
    incoming->mail = mail_new();
    incoming->mail->message_id = g_strdup(message_id);
    incoming->mail->body_sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    g_ptr_array_add(incoming->mail->to, party_new(to, NULL));
    return incoming;
}

gint64 desk_fixture_int(DeskFixture *fixture, const char *sql) {
    g_autoptr(GError) error = NULL;
    Db *reader = store_reader_take(fixture->store, &error);
    g_assert_no_error(error);
    gint64 value;
    gboolean found;
    db_query_int(reader, sql, DB_NO_VALUES, &value, &found, &error);
    g_assert_no_error(error);
    store_reader_give(fixture->store, reader);
    return value;
}

char *desk_fixture_text(DeskFixture *fixture, const char *sql) {
    g_autoptr(GError) error = NULL;
    Db *reader = store_reader_take(fixture->store, &error);
    g_assert_no_error(error);
    DbRows *rows = db_query(reader, sql, DB_NO_VALUES, &error);
    g_assert_no_error(error);
    char *text = db_rows_next(rows, &error) ? g_strdup(db_rows_text(rows, 0)) : NULL;
    g_assert_no_error(error);
    db_rows_free(rows);
    store_reader_give(fixture->store, reader);
    return text;
}

void desk_fixture_write(DeskFixture *fixture, WriterRun run, gpointer data) {
    g_autoptr(GError) error = NULL;
    writer_run(store_writer(fixture->store), run, data, &error);
    g_assert_no_error(error);
}
