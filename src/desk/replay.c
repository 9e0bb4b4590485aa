#include "desk/replay.h"

#include <string.h>

#include "base/error.h"
#include "channels/registry.h"
#include "store/blob.h"

// What the row says of how it came.
typedef struct {
    Id channel_id;
    char state[16];
    GBytes *raw;
    guint8 raw_sha256[SHA256_BYTES];
    gboolean has_blob;
    Instant occurred_at;
    Instant received_at;
} Stored;

static void stored_clear(Stored *stored) {
    g_clear_pointer(&stored->raw, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Stored, stored_clear)

static void read_row(DbRows *rows, Stored *stored) {
    gsize length;
    const void *sha256 = db_rows_span(rows, 3, &length);
    *stored = (Stored){.channel_id = db_rows_id(rows, 0),
                       .raw = db_rows_bytes(rows, 2),
                       .has_blob = sha256 != NULL && length == SHA256_BYTES,
                       .occurred_at = db_rows_instant(rows, 4),
                       .received_at = db_rows_instant(rows, 5)};
    g_strlcpy(stored->state, db_rows_text(rows, 1), sizeof stored->state);
    if (stored->has_blob)
        memcpy(stored->raw_sha256, sha256, SHA256_BYTES);
}

static gboolean find_row(Db *db, Id intake_id, Stored *stored, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT channel_id, state, raw, raw_sha256, occurred_at,"
                                      " received_at FROM intake WHERE id = $1",
                                      DB_VALUES(DB_ID(intake_id)), error);
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows, &failure)) {
        read_row(rows, stored);
        return TRUE;
    }
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    else
        error_set(error, ERROR_NOT_FOUND, "intake_unknown",
                  "there is no intake row %" G_GINT64_FORMAT, intake_id);
    return FALSE;
}

static gboolean read_raw(const ReplayContext *context, Db *db, Stored *stored, GError **error) {
    if (stored->raw == NULL && stored->has_blob)
        stored->raw = blob_read(context->store, db, stored->raw_sha256, error);
    else if (stored->raw == NULL)
        error_set(error, ERROR_CONFLICT, "raw_not_kept",
                  "the raw bytes of this delivery were not kept: fetch it again");
    return stored->raw != NULL;
}

static gboolean load(const ReplayContext *context, Id intake_id, Stored *stored, GError **error) {
    Db *reader = store_reader_take(context->store, error);
    if (reader == NULL)
        return FALSE;
    gboolean good =
        find_row(reader, intake_id, stored, error) && read_raw(context, reader, stored, error);
    store_reader_give(context->store, reader);
    return good;
}

static void decode_mail(const ReplayContext *context, Delivery *delivery) {
    g_autoptr(GError) failure = NULL;
    Incoming *incoming = parser_pool_decode_wait(context->parsers, delivery->raw, &failure);
    if (incoming != NULL)
        delivery_take_incoming(delivery, incoming);
    else
        delivery_quarantine(delivery, failure->message);
}

static void decode_hook(const ChannelConfig *channel, Delivery *delivery) {
    g_autoptr(GError) failure = NULL;
    const ChannelKind *kind = registry_find(channel->kind);
    delivery->incoming = kind->decode(delivery->raw, channel, &failure);
    if (delivery->incoming == NULL)
        delivery_quarantine(delivery, failure->message);
}

typedef struct {
    const ReplayContext *context;
    Delivery *delivery;
} ReplayJob;

static gboolean run_replay(Db *db, gpointer data, GError **error) {
    ReplayJob *job = data;
    return inbound_store_again(db, job->context->inbound, job->delivery, error);
}

static Delivery *make_delivery(Id intake_id, Stored *stored) {
    Delivery *delivery =
        delivery_new(stored->channel_id, "replay", "", g_steal_pointer(&stored->raw));
    delivery->intake_id = intake_id;
    delivery->occurred_at = stored->occurred_at;
    delivery->received_at = stored->received_at;
    return delivery;
}

gboolean replay_intake(const ReplayContext *context, Id intake_id, DeliveryState *state,
                       GError **error) {
    g_auto(Stored) stored = {0};
    if (!load(context, intake_id, &stored, error))
        return FALSE;
    *state = DELIVERY_STORED;
    if (strcmp(stored.state, delivery_state_name(DELIVERY_STORED)) == 0)
        return TRUE;
    g_autoptr(ChannelConfig) channel = channel_directory_find(context->channels, stored.channel_id);
    if (channel == NULL) {
        error_set(error, ERROR_CONFLICT, "channel_removed", "its channel was removed");
        return FALSE;
    }
    g_autoptr(Delivery) delivery = make_delivery(intake_id, &stored);
    gboolean is_mail = strcmp(channel->kind, "email") == 0;
    if (is_mail)
        decode_mail(context, delivery);
    else
        decode_hook(channel, delivery);
    ReplayJob job = {context, delivery};
    if (!delivery_prepare(delivery, context->store, error) ||
        !writer_run(store_writer(context->store), run_replay, &job, error))
        return FALSE;
    *state = delivery->state;
    return TRUE;
}
