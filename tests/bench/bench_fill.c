#include "bench_fill.h"

#include "bench_text.h"

#define LONG_EVERY 2000 // conversations of which one has many
#define TEXT_BYTES 600
#define IN_FLIGHT 2000
#define LATENESS G_GINT64_CONSTANT(60000)

static Incoming *incoming_make(const BenchFill *bench, gint64 number, gint64 conversation) {
    Incoming *incoming = incoming_new(INCOMING_MESSAGE);
    incoming->event_key = g_strdup_printf("event-%" G_GINT64_FORMAT, number);
    incoming->message_key = g_strdup_printf("%" G_GINT64_FORMAT, number);
    incoming->thread_key = g_strdup_printf("chat-%" G_GINT64_FORMAT, conversation);
    g_autofree char *address = g_strdup_printf("%" G_GINT64_FORMAT, 7100000000 + conversation);
    g_autofree char *name = g_strdup_printf("Customer %" G_GINT64_FORMAT, conversation);
    party_free(incoming->from);
    incoming->from = party_new(address, name);
    incoming->occurred_at = bench->begin + number * 1000;
    g_free(incoming->text);
    g_free(incoming->new_text);
    incoming->text = bench_text((guint)number, TEXT_BYTES);
    incoming->new_text = g_strdup(incoming->text);
    return incoming;
}

static void delivered(gpointer data, Delivery *delivery, const GError *error) {
    BenchFill *bench = data;
    g_assert_no_error(error);
    delivery_free(delivery);
    __atomic_sub_fetch(&bench->pending, 1, __ATOMIC_RELEASE);
}

static void message_send(BenchFill *bench, gint64 number, gint64 conversation) {
    Incoming *incoming = incoming_make(bench, number, conversation);
    Delivery *delivery = desk_fixture_delivery(bench->fixture, bench->channel_id, incoming,
                                               incoming->occurred_at + LATENESS);
    g_autoptr(GError) error = NULL;
    delivery_prepare(delivery, bench->fixture->store, &error);
    g_assert_no_error(error);
    while (__atomic_load_n(&bench->pending, __ATOMIC_ACQUIRE) >= IN_FLIGHT)
        g_usleep(500);
    __atomic_add_fetch(&bench->pending, 1, __ATOMIC_RELAXED);
    inbound_submit(store_writer(bench->fixture->store), bench->fixture->inbound, delivery,
                   delivered, bench);
}

double bench_fill(BenchFill *bench) {
    gint64 start = g_get_monotonic_time();
    gint64 conversations = bench->messages / bench->a_conversation;
    for (gint64 number = 0; number < bench->messages; number++) {
        gint64 conversation = number % conversations;
        if (conversation % LONG_EVERY < LONG_MESSAGES / bench->a_conversation)
            conversation -= conversation % LONG_EVERY; // these are all of one
        message_send(bench, number, conversation);
    }
    while (__atomic_load_n(&bench->pending, __ATOMIC_ACQUIRE) > 0)
        g_usleep(1000);
    return (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
}
