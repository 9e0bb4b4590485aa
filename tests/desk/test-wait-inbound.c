// Rows of metrics.md's table with real deliveries: mails in, copies of replies from a Sent folder.
#include "desk_fixture.h"

#include "desk/conversation_change.h"

#define US "support@us.example"
#define SALES "sales@us.example"
#define ANNA "anna@a.example"
#define MINUTE G_GINT64_CONSTANT(60000)
#define TEN G_GINT64_CONSTANT(1790000000000) // "10:00"

typedef struct {
    DeskFixture *desk;
    Id support, sales;
    guint mails;
} House;

static void house_open(House *house, gconstpointer data) {
    (void)data;
    house->desk = desk_fixture_new();
    house->support = desk_fixture_add_channel(house->desk, "email", "Support", US, 0);
    house->sales = desk_fixture_add_channel(house->desk, "email", "Sales", SALES, 0);
}

static void house_close(House *house, gconstpointer data) {
    (void)data;
    g_clear_pointer(&house->desk, desk_fixture_free);
}

// Minutes after 10:00.
static void take(House *house, Id channel_id, Incoming *mail, gint64 occurred, gint64 received) {
    g_autoptr(Delivery) delivery =
        desk_fixture_delivery(house->desk, channel_id, mail, TEN + received * MINUTE);
    delivery->occurred_at = TEN + occurred * MINUTE;
    desk_fixture_store(house->desk, delivery);
}

// Every mail answers the first.
static Incoming *mail(House *house, const char *from, const char *to) {
    g_autofree char *id = g_strdup_printf("%u@a.example", ++house->mails);
    Incoming *incoming = desk_fixture_mail(from, to, id, "Order", id);
    if (house->mails > 1) {
        g_strfreev(incoming->mail->in_reply_to);
        incoming->mail->in_reply_to = g_strsplit("1@a.example", " ", -1);
    }
    return incoming;
}

static void customer(House *house, gint64 occurred, gint64 received) {
    take(house, house->support, mail(house, ANNA, US), occurred, received);
}

static void reply(House *house, gint64 occurred) {
    Incoming *incoming = mail(house, US, ANNA);
    incoming->is_outbound = TRUE;
    take(house, house->support, incoming, occurred, occurred);
}

static gboolean run_resolve(Db *db, gpointer data, GError **error) {
    ConversationChange change = {.status = "resolved"};
    return conversation_change(db, *(Id *)data, &change, 0, error);
}

static void resolve(House *house, gint64 minute) {
    Id id = desk_fixture_int(house->desk, "SELECT id FROM conversation");
    clock_fix(TEN + minute * MINUTE);
    desk_fixture_write(house->desk, run_resolve, &id);
    clock_fix(INSTANT_NONE);
}

// "first answered 60" for each wait, by start.
static void waits_are(House *house, const char *expected) {
    g_autofree char *text =
        desk_fixture_text(house->desk, "SELECT group_concat(kind || ' ' || state || coalesce(' ' "
                                       "|| (elapsed_ms / 60000), ''), ', ')"
                                       " FROM (SELECT * FROM wait ORDER BY started_at)");
    g_assert_cmpstr(text, ==, expected);
}

static void test_several_mails_are_one_wait(House *house, gconstpointer data) {
    (void)data;
    customer(house, 0, 0);
    customer(house, 20, 20);
    customer(house, 40, 40);
    waits_are(house, "first open");
    reply(house, 60);
    waits_are(house, "first answered 60");
}

static void test_a_mail_after_resolution_begins_an_episode(House *house, gconstpointer data) {
    (void)data;
    customer(house, 0, 0);
    resolve(house, 60);
    customer(house, 120, 120);
    reply(house, 125);
    waits_are(house, "first dismissed 60, first answered 5");
    g_assert_cmpint(desk_fixture_int(house->desk, "SELECT sum(reopens) FROM episode"), ==, 0);
}

static void test_an_out_of_office_mail_opens_nothing(House *house, gconstpointer data) {
    (void)data;
    customer(house, 0, 0);
    reply(house, 10);
    resolve(house, 20);
    Incoming *incoming = mail(house, ANNA, US);
    incoming->is_automatic = TRUE;
    incoming->mail->is_automatic = TRUE;
    incoming->mail->class = MAIL_AUTO_REPLY;
    take(house, house->support, incoming, 30, 30);
    waits_are(house, "first answered 10");
    g_autofree char *status = desk_fixture_text(house->desk, "SELECT status FROM conversation");
    g_assert_cmpstr(status, ==, "resolved");
    g_assert_cmpint(desk_fixture_int(house->desk, "SELECT count(*) FROM message"), ==, 3);
}

static void test_a_late_fetch_counts_from_the_arrival(House *house, gconstpointer data) {
    (void)data;
    customer(house, 10, 120);
    reply(house, 125);
    waits_are(house, "first answered 115");
    g_assert_cmpint(desk_fixture_int(house->desk, "SELECT fetch_lag_ms FROM wait"), ==,
                    110 * MINUTE);
}

static void test_the_senders_date_counts_for_nothing(House *house, gconstpointer data) {
    (void)data;
    Incoming *incoming = mail(house, ANNA, US);
    incoming->mail->date = TEN + 5 * 365 * 24 * 60 * MINUTE;
    take(house, house->support, incoming, 0, 0);
    reply(house, 10);
    waits_are(house, "first answered 10");
}

static Incoming *to_both(House *house) {
    Incoming *incoming = desk_fixture_mail(ANNA, US, "both@a.example", "Order", "both");
    g_ptr_array_add(incoming->mail->to, party_new(SALES, NULL));
    house->mails = 1;
    return incoming;
}

static void both_channels(House *house, Id first, Id second) {
    take(house, first, to_both(house), 0, 0);
    take(house, second, to_both(house), 0, 1);
    Incoming *answer = mail(house, US, ANNA);
    g_strfreev(answer->mail->in_reply_to);
    answer->mail->in_reply_to = g_strsplit("both@a.example", " ", -1);
    answer->is_outbound = TRUE;
    take(house, house->support, answer, 5, 5);
    waits_are(house, "first answered 5");
    g_assert_cmpint(desk_fixture_int(house->desk, "SELECT channel_id FROM wait"), ==,
                    house->support);
    g_assert_cmpint(desk_fixture_int(house->desk, "SELECT answering_channel_id FROM wait"), ==,
                    house->support);
    g_assert_cmpint(desk_fixture_int(house->desk, "SELECT channel_id FROM wait_channel"), ==,
                    house->sales);
    g_assert_cmpint(desk_fixture_int(house->desk, "SELECT count(*) FROM wait_channel"), ==, 1);
}

static void test_one_mail_to_two_channels_is_one_wait(House *house, gconstpointer data) {
    (void)data;
    both_channels(house, house->support, house->sales);
}

static void test_so_it_is_when_the_other_copy_comes_first(House *house, gconstpointer data) {
    (void)data;
    both_channels(house, house->sales, house->support);
}

static void test_a_mail_fetched_after_the_reply_waits_by_itself(House *house, gconstpointer data) {
    (void)data;
    customer(house, 0, 0);
    reply(house, 21);
    customer(house, 5, 30);
    waits_are(house, "first answered 21, next open");
    reply(house, 40);
    waits_are(house, "first answered 21, next answered 35");
}

#define TEST(name, function)                                                                       \
    g_test_add("/wait-inbound/" name, House, NULL, house_open, function, house_close)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    TEST("4-several-mails-are-one-wait", test_several_mails_are_one_wait);
    TEST("8-a-mail-after-resolution-begins-an-episode",
         test_a_mail_after_resolution_begins_an_episode);
    TEST("12-an-out-of-office-mail-opens-nothing", test_an_out_of_office_mail_opens_nothing);
    TEST("13-a-late-fetch-counts-from-the-arrival", test_a_late_fetch_counts_from_the_arrival);
    TEST("14-the-senders-date-counts-for-nothing", test_the_senders_date_counts_for_nothing);
    TEST("23-one-mail-to-two-channels-is-one-wait", test_one_mail_to_two_channels_is_one_wait);
    TEST("23-so-it-is-when-the-other-copy-comes-first",
         test_so_it_is_when_the_other_copy_comes_first);
    TEST("27-a-mail-fetched-after-the-reply-waits-by-itself",
         test_a_mail_fetched_after_the_reply_waits_by_itself);
    return g_test_run();
}
