#include "desk/poll_answer.h"

#include "base/error.h"
#include "base/log.h"
#include "channels/registry.h"
#include "desk/channel_admin.h"
#include "desk/hook.h"
#include "store/mailbox.h"

typedef struct {
    const PollContext *context;
    const ChannelConfig *config;
    GPtrArray *deliveries;
    const char *cursor; // NULL: does not move
} StoreJob;

static gboolean store_run(Db *db, gpointer data, GError **error) {
    const StoreJob *job = data;
    for (guint at = 0; at < job->deliveries->len; at++)
        if (!inbound_store(db, job->context->inbound, job->deliveries->pdata[at], error))
            return FALSE;
    return job->cursor == NULL || mailbox_set_cursor(db, job->config->id, "", job->cursor, error);
}

static GPtrArray *deliveries_make(const PollContext *context, const ChannelConfig *config,
                                  const GPtrArray *bodies, GError **error) {
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
    for (guint at = 0; at < bodies->len; at++) {
        g_autoptr(HttpRequest) request = http_request_new("POST", "");
        http_request_take_body(request, "application/json", g_bytes_ref(bodies->pdata[at]));
        Delivery *delivery = hook_delivery_new(context->store, config, "poll", request, error);
        if (delivery == NULL)
            return NULL;
        g_ptr_array_add(list, delivery);
        hook_acknowledge(context->client, config, delivery);
    }
    return g_steal_pointer(&list);
}

// One update that the store cannot take must not stop those after it: it is kept raw instead.
static gboolean store_singly(StoreJob *job, GError **error) {
    Writer *writer = store_writer(job->context->store);
    GPtrArray *all = job->deliveries;
    for (guint at = 0; at < all->len; at++) {
        Delivery *delivery = all->pdata[at];
        g_autoptr(GError) failure = NULL;
        g_autoptr(GPtrArray) one = g_ptr_array_new();
        g_ptr_array_add(one, delivery);
        StoreJob single = {job->context, job->config, one, NULL};
        if (writer_run(writer, store_run, &single, &failure))
            continue;
        if (error_can_retry(failure)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        delivery_quarantine(delivery, failure->message);
        if (!writer_run(writer, store_run, &single, error))
            return FALSE;
    }
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    StoreJob cursor = {job->context, job->config, none, job->cursor};
    return writer_run(writer, store_run, &cursor, error);
}

static gboolean store_all(StoreJob *job, GError **error) {
    g_autoptr(GError) failure = NULL;
    if (writer_run(store_writer(job->context->store), store_run, job, &failure))
        return TRUE;
    if (!error_can_retry(failure))
        return store_singly(job, error);
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean poll_answer_store(const PollContext *context, const ChannelConfig *config,
                           const HttpAnswer *answer, guint *count, GError **error) {
    g_autofree char *cursor = NULL;
    if (answer->status == 0) {
        error_set(error, ERROR_UPSTREAM, "provider_unreachable", "no answer: %s",
                  answer->failure != NULL ? answer->failure : "no connection");
        return FALSE;
    }
    g_autoptr(GPtrArray) bodies = registry_find(config->kind)->decode_poll(answer, &cursor, error);
    if (bodies == NULL)
        return FALSE;
    *count = bodies->len;
    if (bodies->len == 0 && cursor == NULL)
        return TRUE;
    g_autoptr(GPtrArray) deliveries = deliveries_make(context, config, bodies, error);
    StoreJob job = {context, config, deliveries, cursor};
    return deliveries != NULL && store_all(&job, error);
}

typedef struct {
    Id id;
    ChannelState state;
    const char *reason;
} StateJob;

static gboolean note_run(Db *db, gpointer data, GError **error) {
    const StateJob *job = data;
    return channel_admin_note_state(db, job->id, job->state, job->reason, error);
}

void poll_note_state(Store *store, Id channel_id, ChannelState state, const char *reason) {
    g_autoptr(GError) error = NULL;
    StateJob job = {channel_id, state, reason};
    if (!writer_run(store_writer(store), note_run, &job, &error))
        log_error(error, "channel_state_unkept", NULL);
}
