#include "base/error.h"
#include "desk/automatic_guard.h"
#include "send_fixture.h"

static gboolean run_reply(Db *db, gpointer data, GError **error) {
    return reply_write(db, data, error);
}

// What a rule would write now; the error's code, or NULL where it was written.
static const char *try_rule(SendFixture *fixture, Id conversation_id, const char *to) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Reply) reply = reply_new();
    ReplyContext context = {.store = fixture->desk->store, .channels = fixture->desk->channels};
    reply->conversation_id = conversation_id;
    reply->author = ACTOR_RULE;
    reply->text = g_strdup("We have your message.");
    if (to != NULL)
        g_ptr_array_add(reply->to, party_new(to, NULL));
    reply_prepare(reply, &context, &error);
    g_assert_no_error(error);
    writer_run(store_writer(fixture->desk->store), run_reply, reply, &error);
    return error != NULL ? error_code(error) : NULL;
}

static Id receive(SendFixture *fixture, const char *id, void (*change)(Incoming *incoming)) {
    Incoming *mail = desk_fixture_mail("robot@example.net", "support@example.org", id, id, "Hello");
    change(mail);
    g_autoptr(Delivery) delivery =
        desk_fixture_delivery(fixture->desk, fixture->channel_id, mail, clock_now());
    desk_fixture_store(fixture->desk, delivery);
    return delivery->conversation_id;
}

static void make_auto_reply(Incoming *incoming) {
    incoming->is_automatic = incoming->mail->is_automatic = TRUE;
    incoming->mail->class = MAIL_AUTO_REPLY;
}

static void make_suppressing(Incoming *incoming) {
    incoming->mail->suppress_reply = TRUE;
}

static void make_list(Incoming *incoming) {
    incoming->mail->class = MAIL_LIST;
    incoming->mail->list_id = g_strdup("list.example.net");
}

static void make_own(Incoming *incoming) {
    incoming->mail->has_own_loop = TRUE;
}

static void test_machines(void) {
    static void (*const changes[])(Incoming * incoming) = {make_auto_reply, make_suppressing,
                                                           make_list, make_own};
    g_autoptr(SendFixture) fixture = send_fixture_new(1);
    for (gsize at = 0; at < G_N_ELEMENTS(changes); at++) {
        g_autofree char *id = g_strdup_printf("m%zu@example.net", at);
        Id conversation = receive(fixture, id, changes[at]);
        g_assert_cmpstr(try_rule(fixture, conversation, "robot@example.net"), ==,
                        "automatic_refused");
    }
}

static void test_ourselves(void) {
    g_autoptr(SendFixture) fixture = send_fixture_new(1);
    desk_fixture_add_channel(fixture->desk, "email", "Sales", "sales@example.org", 0);
    g_assert_cmpstr(try_rule(fixture, fixture->conversation_id, "Sales@Example.org"), ==,
                    "automatic_refused");
}

static void test_storm(void) {
    g_autoptr(SendFixture) fixture = send_fixture_new(1);
    for (int at = 0; at < AUTOMATIC_MAX; at++)
        g_assert_cmpstr(try_rule(fixture, fixture->conversation_id, NULL), ==, NULL);
    g_assert_cmpstr(try_rule(fixture, fixture->conversation_id, NULL), ==, "automatic_storm");
    g_assert_cmpstr(try_rule(fixture, fixture->conversation_id, "liisa@example.com"), ==, NULL);
    clock_fix(clock_now() + AUTOMATIC_WINDOW_MS + 1000);
    g_assert_cmpstr(try_rule(fixture, fixture->conversation_id, NULL), ==, NULL);
    clock_fix(INSTANT_NONE);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    secret_init();
#define ADD(name, test) g_test_add_func("/automatic_guard/" name, test)
    ADD("machines, lists and our own mail are never answered by a machine", test_machines);
    ADD("our own addresses get no automatic mail", test_ourselves);
    ADD("three automatic messages in ten minutes are enough", test_storm);
    return g_test_run();
}
