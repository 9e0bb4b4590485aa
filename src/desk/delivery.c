#include "desk/delivery.h"

#include "desk/prepared.h"

#define RAW_INLINE_BYTES_MAX 8192 // a web hook of this size stands in its intake row

static const char *const state_names[DELIVERY_STATES] = {
    [DELIVERY_STORED] = "stored",
    [DELIVERY_DUPLICATE] = "duplicate",
    [DELIVERY_QUARANTINED] = "quarantined",
    [DELIVERY_REFUSED] = "refused",
};

const char *delivery_state_name(DeliveryState state) {
    return state_names[state];
}

Delivery *delivery_new(Id channel_id, const char *source, const char *delivery_key, GBytes *raw) {
    Delivery *delivery = g_new0(Delivery, 1);
    delivery->channel_id = channel_id;
    delivery->source = source;
    delivery->delivery_key = g_strdup(delivery_key);
    delivery->raw = raw;
    delivery->occurred_at = INSTANT_NONE;
    delivery->received_at = clock_now();
    return delivery;
}

void delivery_free(Delivery *delivery) {
    if (delivery == NULL)
        return;
    g_free(delivery->delivery_key);
    g_free(delivery->place.folder);
    g_clear_pointer(&delivery->raw, g_bytes_unref);
    json_decref(delivery->envelope);
    g_clear_pointer(&delivery->incoming, g_ptr_array_unref);
    g_free(delivery->failure);
    g_clear_pointer(&delivery->raw_blob, blob_free);
    g_clear_pointer(&delivery->prepared, g_ptr_array_unref);
    g_free(delivery);
}

void delivery_take_incoming(Delivery *delivery, Incoming *incoming) {
    if (delivery->incoming == NULL)
        delivery->incoming = incoming_list_new();
    g_ptr_array_add(delivery->incoming, incoming);
}

static void fail(Delivery *delivery, const char *why, gboolean is_refused) {
    g_clear_pointer(&delivery->incoming, g_ptr_array_unref);
    g_free(delivery->failure);
    delivery->failure = g_strdup(why);
    delivery->is_refused = is_refused;
}

void delivery_quarantine(Delivery *delivery, const char *why) {
    fail(delivery, why, FALSE);
}

void delivery_refuse(Delivery *delivery, const char *why) {
    fail(delivery, why, TRUE);
}

gboolean delivery_is_import(const Delivery *delivery) {
    return g_str_equal(delivery->source, "import");
}

Instant delivery_instant(const Delivery *delivery, const Incoming *incoming) {
    Instant occurred_at = incoming->occurred_at;
    if (incoming->mail != NULL && delivery->occurred_at != INSTANT_NONE)
        occurred_at = delivery->occurred_at;
    return occurred_at == INSTANT_NONE ? delivery->received_at
                                       : MIN(occurred_at, delivery->received_at);
}

static gboolean prepare_incoming(Delivery *delivery, const Incoming *incoming, Store *store,
                                 GError **error) {
    Prepared *prepared = prepared_new(incoming, store, error);
    if (prepared == NULL)
        return FALSE;
    if (prepared->document != NULL)
        search_document_set_occurred(prepared->document, delivery_instant(delivery, incoming));
    g_ptr_array_add(delivery->prepared, prepared);
    return TRUE;
}

static gboolean raw_fits_the_row(const Delivery *delivery) {
    gboolean is_mail = delivery->incoming != NULL && delivery->incoming->len > 0 &&
                       ((const Incoming *)delivery->incoming->pdata[0])->mail != NULL;
    return !is_mail && g_bytes_get_size(delivery->raw) <= RAW_INLINE_BYTES_MAX;
}

gboolean delivery_prepare(Delivery *delivery, Store *store, GError **error) {
    gboolean is_kept = delivery->raw != NULL && !delivery->is_refused;
    if (is_kept && !raw_fits_the_row(delivery) &&
        (delivery->raw_blob = blob_prepare(store, delivery->raw, error)) == NULL)
        return FALSE;
    delivery->prepared = g_ptr_array_new_with_free_func((GDestroyNotify)prepared_free);
    for (guint at = 0; delivery->incoming != NULL && at < delivery->incoming->len; at++)
        if (!prepare_incoming(delivery, delivery->incoming->pdata[at], store, error))
            return FALSE;
    return TRUE;
}
