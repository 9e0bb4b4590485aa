// Bounces and receipts about mail of ours: they settle the message that they name by its signature,
// and nothing else.
#include "desk_fixture.h"

#include <string.h>

#include "desk/outbox_record.h"
#include "desk/reply.h"

#define US "support@us.example"
#define ANNA "anna@a.example"
#define NOON G_GINT64_CONSTANT(1790000000000)

static DeskFixture *fixture;
static Id support;
static Id message_id;

static gboolean run_reply(Db *db, gpointer data, GError **error) {
    return reply_write(db, data, error);
}

static gboolean run_accept(Db *db, G_GNUC_UNUSED gpointer data, GError **error) {
    return db_run(db, "UPDATE outbox SET state = 'accepted', settled_at = $1",
                  DB_VALUES(DB_INSTANT(clock_now())), error) &&
           outbox_project(db, message_id, error);
}

// A customer has asked and our answer was accepted.
static void begin(void) {
    fixture = desk_fixture_new();
    support = desk_fixture_add_channel(fixture, "email", "Support", US, NOON - 1000);
    Incoming *mail = desk_fixture_mail(ANNA, US, "1@a.example", "Order", "Where is it?");
    g_autoptr(Delivery) delivery = desk_fixture_delivery(fixture, support, mail, NOON);
    desk_fixture_store(fixture, delivery);
    g_autoptr(Reply) reply = reply_new();
    reply->conversation_id = delivery->conversation_id;
    reply->author = ACTOR_AGENT;
    reply->text = g_strdup("On its way");
    ReplyContext context = {.store = fixture->store, .channels = fixture->channels};
    g_autoptr(GError) error = NULL;
    reply_prepare(reply, &context, &error);
    g_assert_no_error(error);
    desk_fixture_write(fixture, run_reply, reply);
    message_id = reply->message_id;
    desk_fixture_write(fixture, run_accept, NULL);
}

static void end(void) {
    g_clear_pointer(&fixture, desk_fixture_free);
}

static void take_report(MailClass class, const char *about) {
    Incoming *report =
        desk_fixture_mail("mailer-daemon@a.example", US, "2@a.example", "Undelivered", "sorry");
    report->mail->class = class;
    report->mail->is_automatic = TRUE;
    report->mail->report_about = g_strdup(about);
    g_ptr_array_add(report->mail->reports,
                    mail_report_new(ANNA, "failed", "5.1.1", "550 5.1.1 no such user"));
    g_autoptr(Delivery) delivery = desk_fixture_delivery(fixture, support, report, NOON + 5000);
    desk_fixture_store(fixture, delivery);
}

static char *reply_state(void) {
    return desk_fixture_text(fixture, "SELECT state FROM message WHERE direction = 'out'");
}

static void test_a_bounce_of_our_signed_mail_refuses_it(void) {
    begin();
    g_autofree char *before = reply_state();
    g_assert_cmpstr(before, ==, "accepted");
    g_autofree char *id =
        desk_fixture_text(fixture, "SELECT message_key FROM message WHERE direction = 'out'");
    take_report(MAIL_BOUNCE, id);
    g_autofree char *after = reply_state();
    g_assert_cmpstr(after, ==, "refused");
    g_assert_cmpint(desk_fixture_int(fixture, "SELECT count(*) FROM conversation"), ==, 1);
    end();
}

static void test_a_forged_bounce_changes_nothing(void) {
    begin();
    take_report(MAIL_BOUNCE, "c1.m1.00000000000000000000000000000000@us.example");
    g_autofree char *after = reply_state();
    g_assert_cmpstr(after, ==, "accepted");
    end();
}

static void test_a_receipt_marks_it_read(void) {
    begin();
    g_autofree char *id =
        desk_fixture_text(fixture, "SELECT message_key FROM message WHERE direction = 'out'");
    take_report(MAIL_RECEIPT, id);
    g_autofree char *after = reply_state();
    g_assert_cmpstr(after, ==, "read");
    end();
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    secret_init();
    g_test_add_func("/inbound-report/a-bounce-of-our-signed-mail-refuses-it",
                    test_a_bounce_of_our_signed_mail_refuses_it);
    g_test_add_func("/inbound-report/a-forged-bounce-changes-nothing",
                    test_a_forged_bounce_changes_nothing);
    g_test_add_func("/inbound-report/a-receipt-marks-it-read", test_a_receipt_marks_it_read);
    return g_test_run();
}
