// Chat messages and happenings: any order and any repetition gives the same state.
#include "desk_fixture.h"

#include <string.h>

#define NOON G_GINT64_CONSTANT(1790000000000)

static DeskFixture *fixture;
static Id bot;

static void begin(void) {
    fixture = desk_fixture_new();
    bot = desk_fixture_add_channel(fixture, "telegram", "Bot", "@bot", NOON - 1000);
}

static void end(void) {
    g_clear_pointer(&fixture, desk_fixture_free);
}

static void set(char **member, const char *text) {
    g_free(*member);
    *member = g_strdup(text);
}

static Incoming *happening(IncomingType type, const char *event_key, const char *message_key,
                           const char *text, gint64 version) {
    Incoming *incoming = incoming_new(type);
    incoming->event_key = g_strdup(event_key);
    incoming->message_key = g_strdup(message_key);
    incoming->thread_key = g_strdup("7");
    party_free(incoming->from);
    incoming->from = party_new("7", "Anna");
    incoming->occurred_at = NOON + version;
    incoming->version = version;
    set(&incoming->text, text);
    set(&incoming->new_text, text);
    return incoming;
}

static void take(Incoming *incoming) {
    g_autoptr(Delivery) delivery = desk_fixture_delivery(fixture, bot, incoming, NOON + 5000);
    desk_fixture_store(fixture, delivery);
}

// Everything that happened to one message; the order of the table is arbitrary.
static const struct {
    IncomingType type;
    const char *event_key;
    const char *text;
    gint64 version;
} story[] = {
    {INCOMING_MESSAGE, "u1", "helo", 0}, {INCOMING_EDIT, "u2", "hello", 10},
    {INCOMING_EDIT, "u3", "hello!", 20}, {INCOMING_REACTION, "u4", "👍", 30},
    {INCOMING_REACTION, "u5", "", 40},   {INCOMING_REACTION, "u6", "❤", 50},
};

static char *state(void) {
    return desk_fixture_text(fixture, "SELECT (SELECT group_concat(text || edited_version) FROM"
                                      " message) || (SELECT group_concat(emoji || version) FROM"
                                      " reaction) || (SELECT count(*) FROM conversation)"
                                      " || (SELECT count(*) FROM customer)"
                                      " || (SELECT count(*) FROM pending_happening)");
}

static void tell_story(GRand *random) {
    guint order[3 * G_N_ELEMENTS(story)]; // each thrice
    for (guint at = 0; at < G_N_ELEMENTS(order); at++)
        order[at] = at % G_N_ELEMENTS(story);
    for (guint at = G_N_ELEMENTS(order) - 1; random != NULL && at > 0; at--) {
        guint other = (guint)g_rand_int_range(random, 0, (gint32)at + 1);
        guint kept = order[at];
        order[at] = order[other];
        order[other] = kept;
    }
    for (guint at = 0; at < G_N_ELEMENTS(order); at++) {
        guint index = order[at];
        take(happening(story[index].type, story[index].event_key, "7:1", story[index].text,
                       story[index].version));
    }
}

static void test_any_order_and_repetition_gives_the_same_state(void) {
    begin();
    tell_story(NULL);
    g_autofree char *expected = state();
    g_assert_cmpstr(expected, ==, "hello!20❤50110");
    end();
    for (guint32 seed = 1; seed <= 20; seed++) {
        g_autoptr(GRand) random = g_rand_new_with_seed(seed);
        begin();
        tell_story(random);
        g_autofree char *actual = state();
        g_assert_cmpstr(actual, ==, expected);
        end();
    }
}

static Incoming *album_part(const char *key, const char *caption, const char *file) {
    Incoming *part = happening(INCOMING_MESSAGE, key, key, caption, 0);
    part->group_key = g_strdup("album");
    Attachment *photo = attachment_new(file, "image/jpeg");
    photo->reference = g_strdup(file);
    g_ptr_array_add(part->attachments, photo);
    return part;
}

static char *album(const char *const *order) {
    begin();
    for (; *order != NULL; order++) {
        g_autofree char *file = g_strconcat("photo", *order + 2, NULL);
        take(album_part(*order, strcmp(*order, "7:2") == 0 ? "holiday" : "", file));
    }
    char *seen = desk_fixture_text(
        fixture, "SELECT message_key || text || (SELECT group_concat(name) FROM (SELECT name FROM"
                 " attachment ORDER BY position)) || (SELECT count(*) FROM message) FROM message");
    end();
    return seen;
}

static void test_an_album_is_one_message_in_any_order(void) {
    static const char *const forwards[] = {"7:1", "7:2", "7:3", "7:2", NULL};
    static const char *const backwards[] = {"7:3", "7:2", "7:1", "7:3", NULL};
    g_autofree char *one = album(forwards);
    g_autofree char *other = album(backwards);
    g_assert_cmpstr(one, ==, "7:1holidayphoto1,photo2,photo31");
    g_assert_cmpstr(other, ==, one);
}

static void test_a_chat_stays_one_conversation(void) {
    begin();
    take(happening(INCOMING_MESSAGE, "a", "7:1", "one", 0));
    take(happening(INCOMING_MESSAGE, "b", "7:2", "two", 1));
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM conversation"), ==, 1);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT message_count FROM conversation"), ==, 2);
    g_autofree char *preview = desk_fixture_text(fixture, "SELECT preview FROM conversation");
    g_assert_cmpstr(preview, ==, "two");
    end();
}

static void test_the_latest_word_on_blocking_counts(void) {
    begin();
    take(happening(INCOMING_CUSTOMER_RETURNED, "b2", NULL, "", 20));
    take(happening(INCOMING_CUSTOMER_BLOCKED, "b1", NULL, "", 10));
    g_assert_cmpint(
        desk_fixture_int(fixture, "SELECT count(*) FROM identity WHERE blocked_at IS NOT NULL"), ==,
        0);
    take(happening(INCOMING_CUSTOMER_BLOCKED, "b3", NULL, "", 30));
    g_assert_cmpint(
        desk_fixture_int(fixture, "SELECT count(*) FROM identity WHERE blocked_at IS NOT NULL"), ==,
        1);
    end();
}

static void test_the_event_sequence_is_dense(void) {
    begin();
    tell_story(NULL);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT max(seq) - count(*) FROM event"), ==, 0);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT min(seq) FROM event"), ==, 1);
    end();
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    secret_init();
#define ADD(name, function) g_test_add_func("/inbound-chat/" name, function)
    ADD("any-order-and-repetition-gives-the-same-state",
        test_any_order_and_repetition_gives_the_same_state);
    ADD("an-album-is-one-message-in-any-order", test_an_album_is_one_message_in_any_order);
    ADD("a-chat-stays-one-conversation", test_a_chat_stays_one_conversation);
    ADD("the-latest-word-on-blocking-counts", test_the_latest_word_on_blocking_counts);
    ADD("the-event-sequence-is-dense", test_the_event_sequence_is_dense);
    return g_test_run();
}
