#include "desk_fixture.h"

#include "base/error.h"
#include "model/own_id.h"

#define US "support@us.example"
#define SALES "sales@us.example"
#define ANNA "anna@a.example"
#define HOUR (3600 * G_GINT64_CONSTANT(1000))
#define NOON G_GINT64_CONSTANT(1790000000000)

static DeskFixture *fixture;
static Id support;

static void begin(void) {
    fixture = desk_fixture_new();
    support = desk_fixture_add_channel(fixture, "email", "Support", US, NOON - 24 * HOUR);
}

static void end(void) {
    g_clear_pointer(&fixture, desk_fixture_free);
}

// Stores a mail that arrived at this instant; the delivery is owned by the caller.
static Delivery *take(Id channel_id, Incoming *mail, Instant occurred_at) {
    Delivery *delivery = desk_fixture_delivery(fixture, channel_id, mail, occurred_at + 1000);
    delivery->occurred_at = occurred_at;
    desk_fixture_store(fixture, delivery);
    return delivery;
}

static Incoming *answer(const char *from, const char *id, const char *to_id, const char *text) {
    Incoming *mail = desk_fixture_mail(from, US, id, "Re: Order", text);
    g_strfreev(mail->mail->in_reply_to);
    mail->mail->in_reply_to = g_strsplit(to_id, " ", -1);
    return mail;
}

static void test_a_mail_begins_a_conversation_that_waits(void) {
    begin();
    g_autoptr(Delivery) first =
        take(support, desk_fixture_mail(ANNA, US, "1@a.example", "Order", "Where is it?"), NOON);
    g_assert_cmpint(first->state, ==, DELIVERY_STORED);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT waiting_since FROM conversation"), ==, NOON);
    g_autofree char *status = desk_fixture_text(fixture, "SELECT status FROM conversation");
    g_assert_cmpstr(status, ==, "open");
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM identity"), ==, 1);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT received_at - occurred_at FROM message"), ==,
                    1000);
    end();
}

static void test_the_same_mail_again_is_a_duplicate(void) {
    begin();
    g_autoptr(Delivery) first =
        take(support, desk_fixture_mail(ANNA, US, "1@a.example", "Order", "x"), NOON);
    g_autoptr(Delivery) again =
        take(support, desk_fixture_mail(ANNA, US, "1@A.EXAMPLE", "Order", "x"), NOON);
    g_assert_cmpint(again->state, ==, DELIVERY_DUPLICATE);
    g_assert_cmpint(again->message_id, ==, first->message_id);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM message"), ==, 1);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM intake"), ==, 2);
    end();
}

static void test_two_mails_of_one_id_are_both_kept(void) {
    begin();
    g_autoptr(Delivery) first =
        take(support, desk_fixture_mail(ANNA, US, "1@a.example", "Order", "x"), NOON);
    g_autoptr(Delivery) second =
        take(support, desk_fixture_mail(ANNA, US, "1@a.example", "Refund", "y"), NOON + HOUR);
    g_assert_cmpint(second->state, ==, DELIVERY_STORED);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM conversation"), ==, 2);
    end();
}

static void test_mails_that_share_id_and_body_but_not_the_writer_are_both_kept(void) {
    begin();
    g_autoptr(Delivery) first =
        take(support, desk_fixture_mail(ANNA, US, "1@a.example", "Order", "x"), NOON);
    g_autoptr(Delivery) second =
        take(support, desk_fixture_mail("bo@b.example", US, "1@a.example", "Order", "x"), NOON);
    g_assert_cmpint(second->state, ==, DELIVERY_STORED);
    g_assert_cmpint(second->conversation_id, !=, first->conversation_id);
    end();
}

static void test_mail_without_an_id_is_kept_once(void) {
    begin();
    g_autoptr(Delivery) first =
        take(support, desk_fixture_mail(ANNA, US, NULL, "Order", "x"), NOON);
    g_autoptr(Delivery) again =
        take(support, desk_fixture_mail(ANNA, US, NULL, "Order", "x"), NOON);
    g_autoptr(Delivery) other =
        take(support, desk_fixture_mail(ANNA, US, NULL, "Order", "z"), NOON);
    g_assert_cmpint(again->state, ==, DELIVERY_DUPLICATE);
    g_assert_cmpint(other->state, ==, DELIVERY_STORED);
    end();
}

static void test_one_mail_to_two_channels_is_one_message(void) {
    begin();
    Id sales = desk_fixture_add_channel(fixture, "email", "Sales", SALES, NOON - 24 * HOUR);
    for (int round = 0; round < 2; round++) {
        Incoming *mail = desk_fixture_mail(ANNA, SALES, "1@a.example", "Order", "x");
        g_ptr_array_add(mail->mail->to, party_new(US, NULL));
        g_autoptr(Delivery) delivery = take(round == 0 ? support : sales, mail, NOON);
    }
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM message"), ==, 1);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT channel_id FROM conversation"), ==, sales);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT channel_id FROM conversation_channel"), ==,
                    support);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM wait"), ==, 1);
    end();
}

static void test_a_stranger_who_names_a_mail_is_only_related(void) {
    begin();
    g_autoptr(Delivery) first =
        take(support, desk_fixture_mail(ANNA, US, "1@a.example", "Order", "x"), NOON);
    g_autoptr(Delivery) forged =
        take(support, answer("mallory@m.example", "2@m.example", "1@a.example", "pay me"), NOON);
    g_assert_cmpint(forged->conversation_id, !=, first->conversation_id);
    g_assert_cmpint(
        desk_fixture_int(fixture, "SELECT related_to FROM conversation ORDER BY id DESC LIMIT 1"),
        ==, first->conversation_id);
    end();
}

static void test_a_signed_id_lets_a_stranger_in_and_flags_it(void) {
    begin();
    g_autoptr(Delivery) first =
        take(support, desk_fixture_mail(ANNA, US, "1@a.example", "Order", "x"), NOON);
    g_autofree char *id =
        own_id_make(store_key(fixture->store), first->conversation_id, 5, "us.example");
    g_autoptr(Delivery) other =
        take(support, answer("boss@a.example", "2@a.example", id, "and?"), NOON);
    g_assert_cmpint(other->conversation_id, ==, first->conversation_id);
    g_autofree char *headers =
        desk_fixture_text(fixture, "SELECT headers FROM message ORDER BY id DESC LIMIT 1");
    g_assert_nonnull(strstr(headers, "\"rule\":\"own_id\""));
    g_assert_nonnull(strstr(headers, "\"stranger\":true"));
    end();
}

static void test_a_token_in_the_address_finds_the_conversation(void) {
    begin();
    g_autoptr(Delivery) first =
        take(support, desk_fixture_mail(ANNA, US, "1@a.example", "Order", "x"), NOON);
    g_autofree char *address =
        own_token_make(store_key(fixture->store), first->conversation_id, US);
    g_autoptr(Delivery) second =
        take(support, desk_fixture_mail(ANNA, address, "2@a.example", "Something else", "y"), NOON);
    g_assert_cmpint(second->conversation_id, ==, first->conversation_id);
    end();
}

static void test_a_late_parent_joins_its_children(void) {
    begin();
    g_autoptr(Delivery) third =
        take(support, answer(ANNA, "3@a.example", "2@a.example", "c"), NOON + 2 * HOUR);
    g_autoptr(Delivery) first =
        take(support, desk_fixture_mail(ANNA, US, "1@a.example", "Order", "a"), NOON);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM conversation"), ==, 2);
    g_autoptr(Delivery) second =
        take(support, answer(ANNA, "2@a.example", "1@a.example", "b"), NOON + HOUR);
    g_assert_cmpint(
        desk_fixture_int(fixture, "SELECT count(*) FROM conversation WHERE merged_into IS NULL"),
        ==, 1);
    g_assert_cmpint(
        desk_fixture_int(fixture, "SELECT count(DISTINCT conversation_id) FROM message"), ==, 1);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM wait"), ==, 1);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT started_at FROM wait"), ==, NOON);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT message_count FROM conversation"
                                              " WHERE merged_into IS NULL"),
                    ==, 3);
    end();
}

static gboolean run_resolve(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return db_run(db, "UPDATE conversation SET status = 'resolved'", DB_NO_VALUES, error);
}

static void test_an_automatic_mail_reopens_nothing_and_a_customers_does(void) {
    begin();
    g_autoptr(Delivery) first =
        take(support, desk_fixture_mail(ANNA, US, "1@a.example", "Order", "x"), NOON);
    desk_fixture_write(fixture, run_resolve, NULL);
    Incoming *away = answer(ANNA, "2@a.example", "1@a.example", "I am away");
    away->mail->class = MAIL_AUTO_REPLY;
    away->mail->is_automatic = TRUE;
    g_autoptr(Delivery) second = take(support, away, NOON + HOUR);
    g_autofree char *before = desk_fixture_text(fixture, "SELECT status FROM conversation");
    g_assert_cmpstr(before, ==, "resolved");
    g_autoptr(Delivery) third =
        take(support, answer(ANNA, "3@a.example", "1@a.example", "still broken"), NOON + 2 * HOUR);
    g_autofree char *after = desk_fixture_text(fixture, "SELECT status FROM conversation");
    g_assert_cmpstr(after, ==, "open");
    end();
}

static void test_a_mail_of_the_sent_folder_is_a_reply(void) {
    begin();
    g_autoptr(Delivery) first =
        take(support, desk_fixture_mail(ANNA, US, "1@a.example", "Order", "x"), NOON);
    Incoming *sent = answer(US, "2@us.example", "1@a.example", "It is on its way");
    g_ptr_array_set_size(sent->mail->to, 0);
    g_ptr_array_add(sent->mail->to, party_new(ANNA, NULL));
    sent->is_outbound = TRUE;
    g_autoptr(Delivery) second = take(support, sent, NOON + HOUR);
    g_assert_cmpint(second->conversation_id, ==, first->conversation_id);
    g_autofree char *state = desk_fixture_text(fixture, "SELECT state FROM wait");
    g_assert_cmpstr(state, ==, "answered");
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT elapsed_ms FROM wait"), ==, HOUR);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM customer"), ==, 1);
    end();
}

static void test_a_contact_form_is_from_whom_it_names(void) {
    begin();
    Incoming *form = desk_fixture_mail(US, US, "1@us.example", "Contact", "x");
    g_ptr_array_add(form->mail->reply_to, party_new(ANNA, "Anna"));
    g_autoptr(Delivery) delivery = take(support, form, NOON);
    g_autofree char *address = desk_fixture_text(fixture, "SELECT address FROM identity");
    g_assert_cmpstr(address, ==, ANNA);
    end();
}

static void test_what_cannot_be_decoded_is_quarantined(void) {
    begin();
    g_autoptr(Delivery) poison =
        delivery_new(support, "lmtp", "k1", g_bytes_new_static("poison", 6));
    delivery_quarantine(poison, "the parser died on it twice");
    desk_fixture_store(fixture, poison);
    g_assert_cmpint(poison->state, ==, DELIVERY_QUARANTINED);
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM intake WHERE"
                                              " state = 'quarantined' AND"
                                              " (raw IS NOT NULL OR raw_sha256 IS NOT NULL)"),
                    ==, 1);
    end();
}

static void test_old_mail_fills_the_archive(void) {
    begin();
    g_autoptr(Delivery) old = take(
        support, desk_fixture_mail(ANNA, US, "1@a.example", "Order", "x"), NOON - 100 * 24 * HOUR);
    g_autofree char *status = desk_fixture_text(fixture, "SELECT status FROM conversation");
    g_assert_cmpstr(status, ==, "resolved");
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM wait"), ==, 0);
    end();
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    secret_init();
#define ADD(name, function) g_test_add_func("/inbound-mail/" name, function)
    ADD("a-mail-begins-a-conversation-that-waits", test_a_mail_begins_a_conversation_that_waits);
    ADD("the-same-mail-again-is-a-duplicate", test_the_same_mail_again_is_a_duplicate);
    ADD("two-mails-of-one-id-are-both-kept", test_two_mails_of_one_id_are_both_kept);
    ADD("mails-that-share-id-and-body-but-not-the-writer-are-both-kept",
        test_mails_that_share_id_and_body_but_not_the_writer_are_both_kept);
    ADD("mail-without-an-id-is-kept-once", test_mail_without_an_id_is_kept_once);
    ADD("one-mail-to-two-channels-is-one-message", test_one_mail_to_two_channels_is_one_message);
    ADD("a-stranger-who-names-a-mail-is-only-related",
        test_a_stranger_who_names_a_mail_is_only_related);
    ADD("a-signed-id-lets-a-stranger-in-and-flags-it",
        test_a_signed_id_lets_a_stranger_in_and_flags_it);
    ADD("a-token-in-the-address-finds-the-conversation",
        test_a_token_in_the_address_finds_the_conversation);
    ADD("a-late-parent-joins-its-children", test_a_late_parent_joins_its_children);
    ADD("an-automatic-mail-reopens-nothing-and-a-customers-does",
        test_an_automatic_mail_reopens_nothing_and_a_customers_does);
    ADD("a-mail-of-the-sent-folder-is-a-reply", test_a_mail_of_the_sent_folder_is_a_reply);
    ADD("a-contact-form-is-from-whom-it-names", test_a_contact_form_is_from_whom_it_names);
    ADD("what-cannot-be-decoded-is-quarantined", test_what_cannot_be_decoded_is_quarantined);
    ADD("old-mail-fills-the-archive", test_old_mail_fills_the_archive);
    return g_test_run();
}
