#include "desk/mail_intake.h"

#include "base/error.h"
#include "desk/mail_labels.h"

#define THREADS 2

struct MailIntake {
    Store *store;
    Inbound *inbound;
    ParserPool *parsers;
    GThreadPool *threads;
};

typedef struct {
    MailIntake *intake;
    Delivery *delivery;
    gboolean is_outbound;
    Incoming *incoming; // decoded
    GError *error;
    MailReady ready;
    gpointer data;
} Reading;

static void reading_free(Reading *reading) {
    g_clear_pointer(&reading->incoming, incoming_free);
    g_clear_error(&reading->error);
    g_free(reading);
}

// What the transport did not tell is taken from the mail. Clamped by inbound.
static void settle_instants(Delivery *delivery, Incoming *incoming) {
    if (delivery->occurred_at == INSTANT_NONE && incoming->mail != NULL)
        delivery->occurred_at = incoming->mail->received_at;
    if (delivery->occurred_at == INSTANT_NONE)
        delivery->occurred_at = delivery->received_at;
    delivery->occurred_at = MIN(delivery->occurred_at, delivery->received_at);
    incoming->occurred_at = delivery->occurred_at;
}

// An archive of all of an account: what we sent is ours, what nobody sent is nothing.
static void settle_labels(Delivery *delivery, Incoming *incoming) {
    if (!delivery_is_import(delivery) || incoming->mail == NULL)
        return;
    if (mail_labels_say_draft(incoming->mail))
        delivery_refuse(delivery, "a draft that was never sent");
    else if (mail_labels_say_sent(incoming->mail))
        incoming->is_outbound = TRUE;
}

// A mail that cannot be decoded is kept all the same; only our own trouble is an error.
static void settle_decoded(Reading *reading) {
    Delivery *delivery = reading->delivery;
    if (reading->incoming != NULL) {
        settle_instants(delivery, reading->incoming);
        reading->incoming->is_outbound = reading->is_outbound;
        settle_labels(delivery, reading->incoming);
        if (delivery->failure == NULL)
            delivery_take_incoming(delivery, g_steal_pointer(&reading->incoming));
    } else if (reading->error != NULL && !error_can_retry(reading->error)) {
        delivery_quarantine(delivery, reading->error->message);
        g_clear_error(&reading->error);
    }
}

static void prepare(gpointer item, gpointer data) {
    (void)data;
    Reading *reading = item;
    settle_decoded(reading);
    if (reading->error == NULL)
        delivery_prepare(reading->delivery, reading->intake->store, &reading->error);
    reading->ready(reading->data, reading->delivery, reading->error);
    reading_free(reading);
}

static void decoded(Incoming *incoming, GError *error, void *data) {
    Reading *reading = data;
    reading->incoming = incoming;
    reading->error = error;
    g_thread_pool_push(reading->intake->threads, reading, NULL);
}

MailIntake *mail_intake_new(Store *store, Inbound *inbound, ParserPool *parsers) {
    MailIntake *intake = g_new0(MailIntake, 1);
    intake->store = store;
    intake->inbound = inbound;
    intake->parsers = parsers;
    intake->threads = g_thread_pool_new(prepare, NULL, THREADS, FALSE, NULL);
    return intake;
}

void mail_intake_free(MailIntake *intake) {
    if (intake == NULL)
        return;
    g_thread_pool_free(intake->threads, FALSE, TRUE);
    g_free(intake);
}

Store *mail_intake_store(const MailIntake *intake) {
    return intake->store;
}

Inbound *mail_intake_inbound(const MailIntake *intake) {
    return intake->inbound;
}

void mail_intake_read(MailIntake *intake, Delivery *delivery, gboolean is_outbound, MailReady ready,
                      gpointer data) {
    Reading *reading = g_new0(Reading, 1);
    reading->intake = intake;
    reading->delivery = delivery;
    reading->is_outbound = is_outbound;
    reading->ready = ready;
    reading->data = data;
    if (delivery->failure != NULL)
        g_thread_pool_push(intake->threads, reading, NULL);
    else
        parser_pool_decode(intake->parsers, delivery->raw, decoded, reading);
}

typedef struct {
    GMutex mutex;
    GCond cond;
    gboolean is_ready;
    GError *error;
} Waiting;

static void wake(gpointer data, Delivery *delivery, const GError *error) {
    (void)delivery;
    Waiting *waiting = data;
    g_mutex_lock(&waiting->mutex);
    waiting->is_ready = TRUE;
    waiting->error = error == NULL ? NULL : g_error_copy(error);
    g_cond_signal(&waiting->cond);
    g_mutex_unlock(&waiting->mutex);
}

gboolean mail_intake_read_wait(MailIntake *intake, Delivery *delivery, gboolean is_outbound,
                               GError **error) {
    Waiting waiting = {0};
    g_mutex_init(&waiting.mutex);
    g_cond_init(&waiting.cond);
    mail_intake_read(intake, delivery, is_outbound, wake, &waiting);
    g_mutex_lock(&waiting.mutex);
    while (!waiting.is_ready)
        g_cond_wait(&waiting.cond, &waiting.mutex);
    g_mutex_unlock(&waiting.mutex);
    g_mutex_clear(&waiting.mutex);
    g_cond_clear(&waiting.cond);
    if (waiting.error == NULL)
        return TRUE;
    g_propagate_error(error, waiting.error);
    return FALSE;
}

typedef struct {
    Inbound *inbound;
    Delivery *delivery;
} StoreJob;

static gboolean store_run(Db *db, gpointer data, GError **error) {
    StoreJob *job = data;
    return inbound_store(db, job->inbound, job->delivery, error);
}

gboolean mail_intake_store_wait(MailIntake *intake, Delivery *delivery, gboolean is_outbound,
                                GError **error) {
    if (!mail_intake_read_wait(intake, delivery, is_outbound, error))
        return FALSE;
    StoreJob job = {intake->inbound, delivery};
    Writer *writer = store_writer(intake->store);
    g_autoptr(GError) failure = NULL;
    if (writer_run(writer, store_run, &job, &failure))
        return TRUE;
    if (error_can_retry(failure) || delivery->failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    delivery_quarantine(delivery, failure->message);
    return writer_run(writer, store_run, &job, error);
}
