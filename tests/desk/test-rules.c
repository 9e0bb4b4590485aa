// Rules at work: real events, the rules' own thread, replies through the outbox to an SMTP server.
#include <string.h>

#include "desk/rules.h"
#include "send_fixture.h"
#include "store/rule.h"

typedef struct {
    SmtpSink *sink;
    SendFixture *send;
    Rules *rules;
    guint mails;
} House;

static SmtpSinkScript script;

static void start_rules(House *house) {
    const ReplyContext context = {.store = house->send->desk->store,
                                  .channels = house->send->desk->channels};
    house->rules = rules_new(&context);
}

static void house_open(House *house, gconstpointer data) {
    (void)data;
    script = (SmtpSinkScript){.is_lenient = TRUE};
    house->sink = smtp_sink_new(&script);
    house->send = send_fixture_new(smtp_sink_port(house->sink));
    send_fixture_start(house->send);
    start_rules(house);
}

static void house_close(House *house, gconstpointer data) {
    (void)data;
    rules_free(house->rules);
    send_fixture_free(house->send);
    smtp_sink_free(house->sink);
}

static gboolean run_add(Db *db, gpointer data, GError **error) {
    return rule_row_add(db, data, error);
}

// when, conditions and actions with ' for ".
static Id add_rule(House *house, const char *name, const char *when, const char *conditions,
                   const char *actions, gboolean stops) {
    g_autoptr(RuleRow) row = g_new0(RuleRow, 1);
    row->id = id_next();
    row->name = g_strdup(name);
    row->is_active = TRUE;
    row->trigger_on = g_strdelimit(g_strdup(when), "'", '"');
    row->conditions = g_strdelimit(g_strdup(conditions), "'", '"');
    row->actions = g_strdelimit(g_strdup(actions), "'", '"');
    row->stops = stops;
    row->created_at = clock_now() - 1000;
    desk_fixture_write(house->send->desk, run_add, row);
    return row->id;
}

// A mail of now; automatic: it says so of itself.
static Id mail_in(House *house, const char *from, const char *subject, gboolean is_automatic) {
    g_autofree char *id = g_strdup_printf("mail-%u@example.com", ++house->mails);
    Incoming *mail = desk_fixture_mail(from, "support@example.org", id, subject, "Hello there\n");
    mail->mail->is_automatic = is_automatic;
    g_autoptr(Delivery) delivery =
        desk_fixture_delivery(house->send->desk, house->send->channel_id, mail, clock_now());
    desk_fixture_store(house->send->desk, delivery);
    return delivery->conversation_id;
}

static gint64 count(House *house, const char *sql) {
    return desk_fixture_int(house->send->desk, sql);
}

static void wait_for(House *house, const char *sql, gint64 wanted) {
    for (int try = 0; try < 1000 && count(house, sql) != wanted; try++)
        g_usleep(10000);
    g_assert_cmpint(count(house, sql), ==, wanted);
}

#define RUNS "SELECT count(*) FROM rule_run WHERE outcome = "
#define ON_MAIL "{'event': 'message_received'}"

static void test_a_mail_is_answered_tagged_and_assigned(House *house, gconstpointer data) {
    (void)data;
    add_rule(house, "Away", ON_MAIL, "{}",
             "[{'action': 'add_tag', 'tag': 'night'}, {'action': 'set_priority', 'priority': 1},"
             " {'action': 'reply', 'text': 'We are away. {{customer.name|}}'}, {'action': 'note',"
             " 'text': 'answered by rule'}]",
             FALSE);
    mail_in(house, "anna@example.com", "Win money", FALSE);
    wait_for(house, RUNS "'fired'", 1);
    wait_for(house, "SELECT count(*) FROM message WHERE author = 'rule' AND state = 'accepted'", 1);
    g_assert_cmpuint(smtp_sink_count(house->sink), ==, 1);
    const char *text = smtp_sink_mail(house->sink, 0)->text->str;
    g_assert_nonnull(strstr(text, "We are away."));
    g_assert_nonnull(strstr(text, "Auto-Submitted: auto-"));
    g_assert_null(strstr(text, "Win money"));
    g_assert_null(strstr(text, "Hello there"));
    g_assert_cmpint(count(house, "SELECT count(*) FROM conversation_tag"), ==, 1);
    g_assert_cmpint(count(house, "SELECT count(*) FROM wait WHERE state = 'open'"), ==, 2);
    g_assert_cmpint(count(house, "SELECT count(*) FROM event WHERE actor = 'rule'"), >=, 4);
}

static void test_a_customer_is_answered_once_a_day(House *house, gconstpointer data) {
    (void)data;
    add_rule(house, "Away", ON_MAIL, "{}", "[{'action': 'reply', 'text': 'We are away.'}]", FALSE);
    for (int at = 0; at < 4; at++)
        mail_in(house, "anna@example.com", "Again and again", FALSE);
    wait_for(house, RUNS "'fired'", 4);
    g_assert_cmpint(count(house, "SELECT count(*) FROM message WHERE author = 'rule'"), ==, 1);
    g_assert_cmpint(count(house, RUNS "'fired' AND detail LIKE '%customer_written_today%'"), ==, 3);
}

static void test_machines_are_not_answered(House *house, gconstpointer data) {
    (void)data;
    add_rule(house, "Away", ON_MAIL, "{}",
             "[{'action': 'add_tag', 'tag': 'seen'}, {'action': 'reply', 'text': 'Away.'}]", FALSE);
    mail_in(house, "robot@example.com", "Out of office", TRUE);
    wait_for(house, RUNS "'fired'", 1);
    g_assert_cmpint(count(house, "SELECT count(*) FROM message WHERE author = 'rule'"), ==, 0);
    g_assert_cmpint(count(house, "SELECT count(*) FROM conversation_tag"), ==, 1);
    g_assert_cmpint(count(house, RUNS "'fired' AND detail LIKE '%reply_withheld%'"), ==, 1);
}

static void test_our_own_inboxes_do_not_answer_each_other(House *house, gconstpointer data) {
    (void)data;
    desk_fixture_add_channel(house->send->desk, "email", "Sales", "sales@example.org", 0);
    add_rule(house, "Away", ON_MAIL, "{}", "[{'action': 'reply', 'text': 'Away.'}]", FALSE);
    mail_in(house, "sales@example.org", "Hello", FALSE);
    wait_for(house, RUNS "'fired'", 1);
    g_assert_cmpint(count(house, "SELECT count(*) FROM message WHERE author = 'rule'"), ==, 0);
}

static void test_order_and_stop_are_kept(House *house, gconstpointer data) {
    (void)data;
    add_rule(house, "One", ON_MAIL, "{}", "[{'action': 'add_tag', 'tag': 'one'}]", FALSE);
    add_rule(house, "Two", ON_MAIL,
             "{'field': 'conversation.tags', 'operator': 'is', 'value': 'one'}",
             "[{'action': 'add_tag', 'tag': 'two'}]", TRUE);
    add_rule(house, "Three", ON_MAIL, "{}", "[{'action': 'add_tag', 'tag': 'three'}]", FALSE);
    add_rule(house, "Chain", "{'event': 'tagged'}", "{}", "[{'action': 'unassign'}]", FALSE);
    mail_in(house, "anna@example.com", "Hello", FALSE);
    wait_for(house, RUNS "'fired'", 2);
    g_usleep(300000);
    g_assert_cmpint(count(house, RUNS "'fired'"), ==, 2);
    g_assert_cmpint(count(house, "SELECT count(*) FROM conversation_tag"), ==, 2);
}

static void test_why_not_is_logged_without_texts(House *house, gconstpointer data) {
    (void)data;
    add_rule(house, "Money", ON_MAIL,
             "{'all': [{'field': 'message.text', 'operator': 'contains_word', 'value': 'refund'}]}",
             "[{'action': 'add_tag', 'tag': 'money'}]", FALSE);
    mail_in(house, "anna@example.com", "Hello", FALSE);
    wait_for(house, RUNS "'not_matched' AND detail LIKE '%\"decided_by\":\"all[0]\"%'", 1);
    g_assert_cmpint(count(house, RUNS "'not_matched' AND detail LIKE '%Hello%'"), ==, 0);
}

static void test_a_rule_that_fails_does_nothing_and_spoils_no_other(House *house,
                                                                    gconstpointer data) {
    (void)data;
    add_rule(house, "Broken", ON_MAIL, "{}",
             "[{'action': 'add_tag', 'tag': 'half'}, {'action': 'assign_team', 'team_id': '77'}]",
             FALSE);
    add_rule(house, "Sound", ON_MAIL, "{}", "[{'action': 'add_tag', 'tag': 'whole'}]", FALSE);
    mail_in(house, "anna@example.com", "Hello", FALSE);
    wait_for(house, RUNS "'fired'", 1);
    wait_for(house, RUNS "'failed'", 1);
    g_assert_cmpint(count(house, "SELECT count(*) FROM conversation_tag"), ==, 1);
}

static void test_what_came_while_it_was_stopped_is_caught_up_once(House *house,
                                                                  gconstpointer data) {
    (void)data;
    add_rule(house, "Tag", ON_MAIL, "{}", "[{'action': 'note', 'text': 'seen'}]", FALSE);
    mail_in(house, "anna@example.com", "One", FALSE);
    wait_for(house, RUNS "'fired'", 1);
    rules_free(house->rules);
    mail_in(house, "bert@example.com", "Two", FALSE);
    start_rules(house);
    wait_for(house, RUNS "'fired'", 2);
    rules_free(house->rules);
    start_rules(house);
    g_usleep(300000);
    g_assert_cmpint(count(house, RUNS "'fired'"), ==, 2);
    g_assert_cmpint(count(house, "SELECT count(*) FROM message WHERE direction = 'note'"), ==, 2);
}

static void test_a_time_comes_once_for_an_episode(House *house, gconstpointer data) {
    (void)data;
    add_rule(house, "Late", "{'time': 'waiting', 'minutes': 1}", "{}",
             "[{'action': 'add_tag', 'tag': 'late'}, {'action': 'set_priority', 'priority': 2}]",
             FALSE);
    wait_for(house, RUNS "'fired'", 1); // the fixture's mail waits for a minute
    rules_free(house->rules);
    start_rules(house);
    g_usleep(1500000);
    g_assert_cmpint(count(house, "SELECT count(*) FROM rule_run"), ==, 1);
    g_assert_cmpint(count(house, "SELECT priority FROM conversation"), ==, 2);
}

#define TEST(name, function)                                                                       \
    g_test_add("/rules/" name, House, NULL, house_open, function, house_close)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    TEST("a-mail-is-answered-tagged-and-assigned", test_a_mail_is_answered_tagged_and_assigned);
    TEST("E12-a-customer-is-answered-once-a-day", test_a_customer_is_answered_once_a_day);
    TEST("E09-machines-are-not-answered", test_machines_are_not_answered);
    TEST("E10-our-own-inboxes-do-not-answer-each-other",
         test_our_own_inboxes_do_not_answer_each_other);
    TEST("order-and-stop-are-kept", test_order_and_stop_are_kept);
    TEST("why-not-is-logged-without-texts", test_why_not_is_logged_without_texts);
    TEST("a-rule-that-fails-does-nothing-and-spoils-no-other",
         test_a_rule_that_fails_does_nothing_and_spoils_no_other);
    TEST("what-came-while-it-was-stopped-is-caught-up-once",
         test_what_came_while_it_was_stopped_is_caught_up_once);
    TEST("a-time-comes-once-for-an-episode", test_a_time_comes_once_for_an_episode);
    return g_test_run();
}
