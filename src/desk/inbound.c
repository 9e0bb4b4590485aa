#include "desk/inbound.h"

#include "base/error.h"
#include "desk/arrival.h"
#include "store/intake.h"

struct Inbound {
    ArrivalContext context;
};

Inbound *inbound_new(const SecretKey *key, ChannelDirectory *channels) {
    Inbound *inbound = g_new0(Inbound, 1);
    inbound->context = (ArrivalContext){.key = key, .channels = channels};
    return inbound;
}

void inbound_free(Inbound *inbound) {
    g_free(inbound);
}

// The life of a message in, step by step.
static const ArrivalStep steps[] = {
    arrival_find_known,
    arrival_join_album,
    arrival_choose_home,
    arrival_choose_customer,
    arrival_find_conversation,
    arrival_find_or_add_customer,
    arrival_begin_conversation,
    arrival_find_quoted,
    arrival_add_message,
    arrival_add_attachments,
    arrival_add_thread,
    arrival_add_deliveries,
    arrival_index,
    arrival_record,
    arrival_reopen,
    arrival_join_conversations,
    arrival_tag,
    arrival_assign,
    arrival_report,
    arrival_apply_kept_happenings,
};

static gboolean store_message(Db *db, Inbound *inbound, Delivery *delivery, ChannelConfig *channel,
                              guint index, GError **error) {
    const Incoming *incoming = delivery->incoming->pdata[index];
    g_auto(Arrival) arrival = {
        .db = db,
        .context = &inbound->context,
        .delivery = delivery,
        .incoming = incoming,
        .prepared = delivery->prepared->pdata[index],
        .channel = channel_config_ref(channel),
        .occurred_at = delivery_instant(delivery, incoming),
        .is_automatic =
            incoming->is_automatic || (incoming->mail != NULL && incoming->mail->is_automatic),
    };
    for (gsize step = 0; step < G_N_ELEMENTS(steps) && !arrival.is_done; step++)
        if (!steps[step](&arrival, error))
            return FALSE;
    return TRUE;
}

static gboolean store_incoming(Db *db, Inbound *inbound, Delivery *delivery, ChannelConfig *channel,
                               GError **error) {
    for (guint at = 0; delivery->incoming != NULL && at < delivery->incoming->len; at++) {
        const Incoming *incoming = delivery->incoming->pdata[at];
        gboolean good = incoming->type == INCOMING_MESSAGE
                            ? store_message(db, inbound, delivery, channel, at, error)
                            : happening_apply(db, delivery, incoming, error);
        if (!good)
            return FALSE;
    }
    return TRUE;
}

static DeliveryState first_state(const Delivery *delivery) {
    if (delivery->failure == NULL)
        return DELIVERY_STORED;
    return delivery->is_refused ? DELIVERY_REFUSED : DELIVERY_QUARANTINED;
}

static gboolean add_intake(Db *db, Delivery *delivery, gboolean *is_new, GError **error) {
    g_autofree char *envelope =
        delivery->envelope != NULL ? json_dumps(delivery->envelope, JSON_COMPACT) : NULL;
    const Blob *blob = delivery->raw_blob;
    gboolean stands_in_row = blob == NULL && !delivery->is_refused;
    delivery->intake_id = id_next();
    delivery->state = first_state(delivery);
    IntakeRow row = {
        .id = delivery->intake_id,
        .channel_id = delivery->channel_id,
        .source = delivery->source,
        .delivery_key = delivery->delivery_key,
        .folder = delivery->place.folder,
        .uid_validity = delivery->place.uid_validity,
        .uid = delivery->place.uid,
        .state = delivery_state_name(delivery->state),
        .reason = delivery->failure,
        .raw = stands_in_row ? delivery->raw : NULL,
        .raw_sha256 = blob != NULL ? blob_sha256(blob) : NULL,
        .envelope = envelope,
        .occurred_at = delivery->occurred_at,
        .received_at = delivery->received_at,
    };
    return intake_add(db, &row, is_new, &delivery->message_id, error);
}

static gboolean settle_intake(Db *db, const Delivery *delivery, GError **error) {
    if (delivery->message_id == 0 && delivery->state == DELIVERY_STORED)
        return TRUE; // made no message: the row already says "stored"
    if (delivery->failure != NULL)
        return TRUE;
    return intake_settle(db, delivery->intake_id, delivery_state_name(delivery->state), NULL,
                         delivery->message_id, error);
}

static ChannelConfig *get_channel(Inbound *inbound, const Delivery *delivery, GError **error) {
    ChannelConfig *channel =
        channel_directory_find(inbound->context.channels, delivery->channel_id);
    if (channel == NULL)
        error_set(error, ERROR_NOT_FOUND, "channel_unknown",
                  "the channel of this delivery was removed");
    return channel;
}

static gboolean store_and_settle(Db *db, Inbound *inbound, Delivery *delivery,
                                 ChannelConfig *channel, GError **error) {
    return (delivery->raw_blob == NULL || blob_add(db, delivery->raw_blob, error)) &&
           store_incoming(db, inbound, delivery, channel, error) &&
           settle_intake(db, delivery, error);
}

gboolean inbound_store(Db *db, Inbound *inbound, Delivery *delivery, GError **error) {
    gboolean is_new;
    g_autoptr(ChannelConfig) channel = get_channel(inbound, delivery, error);
    if (channel == NULL)
        return FALSE;
    delivery->message_id = 0;
    delivery->conversation_id = 0;
    if (!add_intake(db, delivery, &is_new, error))
        return FALSE;
    if (is_new)
        return store_and_settle(db, inbound, delivery, channel, error);
    delivery->state = DELIVERY_DUPLICATE;
    return TRUE;
}

gboolean inbound_store_again(Db *db, Inbound *inbound, Delivery *delivery, GError **error) {
    g_autoptr(ChannelConfig) channel = get_channel(inbound, delivery, error);
    if (channel == NULL)
        return FALSE;
    delivery->message_id = 0;
    delivery->conversation_id = 0;
    delivery->state = first_state(delivery);
    return store_incoming(db, inbound, delivery, channel, error) &&
           intake_settle(db, delivery->intake_id, delivery_state_name(delivery->state),
                         delivery->failure, delivery->message_id, error);
}

typedef struct {
    Inbound *inbound;
    Delivery *delivery;
    InboundDone done;
    gpointer data;
} DeliveryJob;

static gboolean delivery_job_run(Db *db, gpointer data, GError **error) {
    DeliveryJob *job = data;
    return inbound_store(db, job->inbound, job->delivery, error);
}

static void delivery_job_done(gpointer data, const GError *error) {
    DeliveryJob *job = data;
    job->done(job->data, job->delivery, error);
    g_free(job);
}

void inbound_submit(Writer *writer, Inbound *inbound, Delivery *delivery, InboundDone done,
                    gpointer data) {
    DeliveryJob *job = g_new(DeliveryJob, 1);
    *job = (DeliveryJob){inbound, delivery, done, data};
    writer_submit_light(writer, delivery_job_run, delivery_job_done, job);
}

typedef struct {
    Inbound *inbound;
    GPtrArray *deliveries;
} DeliveriesJob;

static gboolean deliveries_job_run(Db *db, gpointer data, GError **error) {
    DeliveriesJob *job = data;
    for (guint at = 0; at < job->deliveries->len; at++)
        if (!inbound_store(db, job->inbound, job->deliveries->pdata[at], error))
            return FALSE;
    return TRUE;
}

gboolean inbound_store_all(Writer *writer, Inbound *inbound, GPtrArray *deliveries,
                           GError **error) {
    DeliveriesJob job = {inbound, deliveries};
    return writer_run(writer, deliveries_job_run, &job, error);
}
