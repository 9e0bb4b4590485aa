#include <string.h>

#include "base/error.h"
#include "desk/reply_address.h"
#include "desk/reply_quote.h"
#include "model/own_id.h"
#include "send_fixture.h"

static json_t *json_of(const char *text) {
    json_t *json = json_loads(text, 0, NULL);
    g_assert_nonnull(json);
    return json;
}

static void check_recipients(const char *headers, gboolean is_out, const char *expected) {
    json_t *json = json_of(headers);
    g_autoptr(GPtrArray) parties = reply_address_default(json, is_out, "Support@example.org");
    g_autoptr(GString) got = g_string_new(NULL);
    for (guint at = 0; at < parties->len; at++)
        g_string_append_printf(got, "%s ", ((const Party *)parties->pdata[at])->address);
    g_assert_cmpstr(got->str, ==, expected);
    json_decref(json);
}

static void test_recipients(void) {
    check_recipients("{\"from\":{\"address\":\"a@x.fi\"}}", FALSE, "a@x.fi ");
    check_recipients("{\"from\":{\"address\":\"a@x.fi\"},\"reply_to\":[{\"address\":\"b@x.fi\"},"
                     "{\"address\":\"c@x.fi\"}]}",
                     FALSE, "b@x.fi c@x.fi ");
    check_recipients("{\"from\":{\"address\":\"a@x.fi\"},\"reply_to\":[{\"address\":"
                     "\"support@EXAMPLE.org\"}]}",
                     FALSE, "a@x.fi ");
    check_recipients("{\"from\":{\"address\":\"support@example.org\"}}", FALSE, "");
    check_recipients("{\"from\":{\"address\":\"\"}}", FALSE, "");
    check_recipients("{\"from\":{\"address\":\"support@example.org\"},\"to\":[{\"address\":"
                     "\"a@x.fi\"}]}",
                     TRUE, "a@x.fi ");
}

static void check_references(const char *headers, const char *expected) {
    json_t *json = json_of(headers);
    g_auto(GStrv) references = reply_references(json, "parent@x");
    g_autofree char *got = g_strjoinv(" ", references);
    g_assert_cmpstr(got, ==, expected);
    json_decref(json);
}

static void test_references(void) {
    g_autoptr(GString) many = g_string_new("{\"references\":[");
    check_references("{}", "parent@x");
    check_references("{\"in_reply_to\":[\"one@x\"]}", "one@x parent@x");
    check_references("{\"in_reply_to\":[\"one@x\",\"two@x\"]}", "parent@x");
    check_references("{\"in_reply_to\":[\"b@x\"],\"references\":[\"a@x\",\"b@x\"]}",
                     "a@x b@x parent@x");
    check_references("{\"references\":[\"a@x\",\"parent@x\"]}", "a@x parent@x");
    for (int at = 0; at < 60; at++)
        g_string_append_printf(many, "%s\"r%d@x\"", at > 0 ? "," : "", at);
    g_string_append(many, "]}");
    json_t *json = json_of(many->str);
    g_auto(GStrv) references = reply_references(json, "parent@x");
    g_assert_cmpuint(g_strv_length(references), ==, 22);
    g_assert_cmpstr(references[0], ==, "r0@x");
    g_assert_cmpstr(references[1], ==, "r40@x");
    json_decref(json);
}

static void test_subjects(void) {
    const char *const cases[][2] = {{"Tilaus", "Re: Tilaus"},
                                    {"re: Tilaus", "re: Tilaus"},
                                    {"VS: Tilaus", "VS: Tilaus"},
                                    {"", "Re: "}};
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autofree char *subject = reply_subject(cases[at][0]);
        g_assert_cmpstr(subject, ==, cases[at][1]);
    }
}

static void test_addresses(void) {
    const char *const good[] = {"a@b", "Matti.M+x@mail.example.org", "jäätelö@example.org", NULL};
    const char *const bad[] = {"",        "a",          "a@",        "@b",        "a b@c",
                               "a@b\r\n", "a@b,c@d",    "<a@b>",     "a@b>",      "a;b@c",
                               "a@b\nX:", "a\x01@b.fi", "(x)a@b.fi", "a[1]@b.fi", NULL};
    for (const char *const *at = good; *at != NULL; at++)
        g_assert_true(reply_address_check(*at, NULL));
    for (const char *const *at = bad; *at != NULL; at++)
        g_assert_false(reply_address_check(*at, NULL));
}

static void test_quote(void) {
    g_autoptr(Party) from = party_new("m@example.com", "Matti <b>");
    QuotedMail quoted = {.from = from,
                         .written_at = instant_parse("2026-11-23T06:03:30.123Z", NULL),
                         .text = "first\r\n\r\n> older\nlast",
                         .language = "fi-FI"};
    g_autofree char *text = reply_compose_text("Hei\n\n", "Tuki", &quoted);
    g_assert_cmpstr(text, ==,
                    "Hei\n\n-- \nTuki\n\n2026-11-23 klo 06:03 UTC Matti <b> kirjoitti:\n"
                    "> first\n>\n>> older\n> last\n");
    g_autofree char *plain = reply_compose_text("Hei", NULL, NULL);
    g_assert_cmpstr(plain, ==, "Hei\n");
    quoted.language = NULL;
    g_autofree char *html = reply_compose_html("<p>Hei</p>", "A & B", &quoted);
    g_assert_cmpstr(html, ==,
                    "<p>Hei</p><p>-- <br>\nA &amp; B</p><p>On 2026-11-23 at 06:03 UTC, Matti "
                    "&lt;b&gt; wrote:</p><blockquote type=\"cite\">first\r<br>\n\r<br>\n&gt; "
                    "older<br>\nlast</blockquote>");
}

static void expect_refusal(SendFixture *fixture, Reply *reply, const char *code) {
    g_autoptr(GError) error = NULL;
    ReplyContext context = {.store = fixture->desk->store, .channels = fixture->desk->channels};
    g_assert_false(reply_prepare(reply, &context, &error));
    g_assert_cmpstr(error_code(error), ==, code);
}

static Reply *reply_to(SendFixture *fixture, const char *text) {
    Reply *reply = reply_new();
    reply->conversation_id = fixture->conversation_id;
    reply->text = g_strdup(text);
    return reply;
}

static void test_refusals(void) {
    g_autoptr(SendFixture) fixture = send_fixture_new(1);
    g_autoptr(Reply) empty = reply_to(fixture, " \n");
    g_autoptr(Reply) subject = reply_to(fixture, "x");
    g_autoptr(Reply) recipient = reply_to(fixture, "x");
    g_autoptr(Reply) name = reply_to(fixture, "x");
    g_autoptr(Reply) nowhere = reply_to(fixture, "x");
    g_autoptr(Reply) html = reply_to(fixture, "x");
    expect_refusal(fixture, empty, "text_missing");
    subject->subject = g_strdup("a\r\nBcc: b@example.org");
    expect_refusal(fixture, subject, "subject_invalid");
    g_ptr_array_add(recipient->cc, party_new("a@example.org\r\nBcc: b@example.org", NULL));
    expect_refusal(fixture, recipient, "address_invalid");
    g_ptr_array_add(name->to, party_new("a@example.org", "A\nBcc: b@example.org"));
    expect_refusal(fixture, name, "name_invalid");
    nowhere->conversation_id = 12345;
    expect_refusal(fixture, nowhere, "conversation_unknown");
    html->html = g_strdup("<p>x</p>");
    expect_refusal(fixture, html, "html_unavailable");
}

static char *text_of(SendFixture *fixture, const char *column, Id id) {
    g_autofree char *sql =
        g_strdup_printf("SELECT %s FROM message WHERE id = %" G_GINT64_FORMAT, column, id);
    return desk_fixture_text(fixture->desk, sql);
}

static void test_rows(void) {
    g_autoptr(SendFixture) fixture = send_fixture_new(1);
    g_autoptr(Reply) reply = reply_to(fixture, "Se on matkalla.");
    g_ptr_array_add(reply->cc, party_new("MATTI@example.com", NULL)); // twice the same
    g_ptr_array_add(reply->cc, party_new("liisa@example.com", NULL));
    reply->client_key = g_strdup("key-1");
    g_ptr_array_add(reply->to, party_new("matti@example.com", NULL));
    send_fixture_write(fixture, reply);
    g_autofree char *key = text_of(fixture, "message_key", reply->message_id);
    g_autofree char *text = text_of(fixture, "text", reply->message_id);
    g_autofree char *own = text_of(fixture, "new_text", reply->message_id);
    Id conversation = 0, message = 0;
    g_assert_true(own_id_find(store_key(fixture->desk->store), key, &conversation, &message));
    g_assert_cmpint(conversation, ==, fixture->conversation_id);
    g_assert_cmpint(message, ==, reply->message_id);
    g_assert_cmpstr(own, ==, "Se on matkalla.");
    g_assert_nonnull(strstr(text, "-- \nThe support team\n"));
    g_assert_nonnull(strstr(text, "\n> Missä on tilaukseni?\n"));
    g_assert_cmpint(desk_fixture_int(fixture->desk, "SELECT count(*) FROM outbox"), ==, 2);
    g_autoptr(Reply) again = reply_to(fixture, "Se on matkalla!!");
    again->client_key = g_strdup("key-1");
    send_fixture_write(fixture, again);
    g_assert_true(again->is_repetition);
    g_assert_cmpint(again->message_id, ==, reply->message_id);
    g_assert_cmpint(desk_fixture_int(fixture->desk, "SELECT count(*) FROM outbox"), ==, 2);
}

// A customer's answer to our reply stands in the same conversation.
static void test_thread(void) {
    g_autoptr(SendFixture) fixture = send_fixture_new(1);
    Id id = send_fixture_reply(fixture, "Se on matkalla.");
    Incoming *mail = desk_fixture_mail("matti@example.com", "support@example.org",
                                       "second@example.com", "Re: Tilaus", "Kiitos!");
    g_strfreev(mail->mail->in_reply_to);
    mail->mail->in_reply_to = g_new0(char *, 2);
    mail->mail->in_reply_to[0] = text_of(fixture, "message_key", id);
    g_autoptr(Delivery) delivery =
        desk_fixture_delivery(fixture->desk, fixture->channel_id, mail, clock_now());
    desk_fixture_store(fixture->desk, delivery);
    g_assert_cmpint(delivery->conversation_id, ==, fixture->conversation_id);
}

// Who has a signed id but is no participant is never answered by default (reliability.md E15).
static void test_stranger(void) {
    g_autoptr(SendFixture) fixture = send_fixture_new(1);
    Id id = send_fixture_reply(fixture, "Se on matkalla.");
    Incoming *mail = desk_fixture_mail("eve@evil.example", "support@example.org",
                                       "evil@evil.example", "Re: Tilaus", "Send it to me.");
    g_strfreev(mail->mail->in_reply_to);
    mail->mail->in_reply_to = g_new0(char *, 2);
    mail->mail->in_reply_to[0] = text_of(fixture, "message_key", id);
    g_autoptr(Delivery) delivery =
        desk_fixture_delivery(fixture->desk, fixture->channel_id, mail, clock_now());
    desk_fixture_store(fixture->desk, delivery);
    g_assert_cmpint(delivery->conversation_id, ==, fixture->conversation_id);
    Id next = send_fixture_reply(fixture, "Hei taas.");
    g_autofree char *sql =
        g_strdup_printf("SELECT recipient FROM outbox WHERE message_id = %" G_GINT64_FORMAT, next);
    g_autofree char *recipient = desk_fixture_text(fixture->desk, sql);
    g_autofree char *headers = text_of(fixture, "headers", next);
    g_assert_cmpstr(recipient, ==, "Matti@example.com");
    g_assert_null(strstr(headers, "evil"));
}

// A copy to somebody else never takes the answer from the customer.
static void test_copies(void) {
    g_autoptr(SendFixture) fixture = send_fixture_new(1);
    g_autoptr(Reply) reply = reply_new();
    reply->conversation_id = fixture->conversation_id;
    reply->text = g_strdup("Hei.");
    g_ptr_array_add(reply->bcc, party_new("boss@example.net", NULL));
    send_fixture_write(fixture, reply);
    g_autofree char *recipients = desk_fixture_text(
        fixture->desk, "SELECT group_concat(recipient, ' ') FROM"
                       " (SELECT lower(recipient) AS recipient FROM outbox ORDER BY 1)");
    g_assert_cmpstr(recipients, ==, "boss@example.net matti@example.com");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    secret_init();
#define ADD(name, test) g_test_add_func("/reply/" name, test)
    ADD("it goes to Reply-To, else From, never to ourselves", test_recipients);
    ADD("its references are those of the mail that it answers", test_references);
    ADD("its subject has one mark", test_subjects);
    ADD("addresses that could become more than one are refused", test_addresses);
    ADD("signature and original stand below it", test_quote);
    ADD("what cannot be sent is refused with a sentence", test_refusals);
    ADD("it is written once for a client_key, once for each recipient", test_rows);
    ADD("an answer to it finds its conversation", test_thread);
    ADD("a stranger with a signed id is not answered by default", test_stranger);
    ADD("a copy does not take the answer from the customer", test_copies);
    return g_test_run();
}
