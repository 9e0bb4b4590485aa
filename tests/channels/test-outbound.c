// Replies on their way out and what the answers mean.
#include "cases.h"

#include <string.h>

#include "base/error.h"
#include "base/secret.h"
#include "channels/registry.h"

static Outgoing *reply(const char *text) {
    Outgoing *outgoing = outgoing_new();
    outgoing->message_id = 977;
    outgoing->thread_key = g_strdup("7100200301");
    g_free(outgoing->text);
    outgoing->text = g_strdup(text);
    return outgoing;
}

static ChannelConfig *bot(void) {
    ChannelConfig *config = case_config_new("telegram", NULL);
    channel_config_set(config, "token", "6001002003:AAsalainen");
    return config;
}

static GPtrArray *encode(const Outgoing *outgoing, const char *code) {
    g_autoptr(ChannelConfig) config = bot();
    g_autoptr(GError) error = NULL;
    GPtrArray *requests = registry_find("telegram")->encode(outgoing, config, 0, &error);
    if (code != NULL)
        g_assert_cmpstr(error_code(error), ==, code);
    else
        g_assert_no_error(error);
    return requests;
}

static void check_body(const HttpRequest *request, const char *method, const char *expected) {
    g_autofree char *url =
        g_strconcat("https://api.telegram.org/bot6001002003:AAsalainen/", method, NULL);
    g_assert_cmpstr(request->url, ==, url);
    g_assert_cmpstr(request->method, ==, "POST");
    g_assert_false(request->has_idempotency_key);
    json_t *wanted = json_loads(expected, 0, NULL);
    gsize length;
    const char *bytes = g_bytes_get_data(request->body, &length);
    json_t *given = json_loadb(bytes, length, 0, NULL);
    g_assert_true(json_equal(wanted, given));
    json_decref(wanted);
    json_decref(given);
}

static void test_a_reply_quotes_the_message_that_it_answers(void) {
    g_autoptr(Outgoing) outgoing = reply("Selvitämme *asiaa*.");
    outgoing->quoted_key = g_strdup("7100200301:41");
    g_autoptr(GPtrArray) requests = encode(outgoing, NULL);
    g_assert_cmpuint(requests->len, ==, 1);
    check_body(requests->pdata[0], "sendMessage",
               "{\"chat_id\":7100200301,\"text\":\"Selvitämme *asiaa*.\","
               "\"link_preview_options\":{\"is_disabled\":true},"
               "\"reply_parameters\":{\"message_id\":41,\"allow_sending_without_reply\":true}}");
}

static void test_a_business_chat_is_answered_through_its_connection(void) {
    g_autoptr(Outgoing) outgoing = reply("Moi");
    g_free(outgoing->thread_key);
    outgoing->thread_key = g_strdup("7100200301@bcQ1");
    outgoing->quoted_key = g_strdup("button:48100200300");
    g_autoptr(GPtrArray) requests = encode(outgoing, NULL);
    check_body(requests->pdata[0], "sendMessage",
               "{\"chat_id\":7100200301,\"text\":\"Moi\",\"business_connection_id\":\"bcQ1\","
               "\"link_preview_options\":{\"is_disabled\":true}}");
}

static void test_a_long_reply_goes_in_pieces_and_only_the_first_quotes(void) {
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint at = 0; at < 1500; at++)
        g_string_append(text, "sana 👍 ");
    g_autoptr(Outgoing) outgoing = reply(text->str);
    outgoing->quoted_key = g_strdup("7100200301:41");
    g_autoptr(GPtrArray) requests = encode(outgoing, NULL);
    g_assert_cmpuint(requests->len, ==, 3);
    for (guint at = 0; at < requests->len; at++) {
        const HttpRequest *request = requests->pdata[at];
        gsize length;
        const char *bytes = g_bytes_get_data(request->body, &length);
        g_autofree char *body = g_strndup(bytes, length);
        g_assert_cmpint(strstr(body, "reply_parameters") != NULL, ==, at == 0);
    }
}

static void add_file(Outgoing *outgoing, const char *name, const char *type, gsize size) {
    Attachment *attachment = attachment_new(name, type);
    attachment->bytes = g_bytes_new_take(g_malloc0(MAX(size, 1)), size);
    g_ptr_array_add(outgoing->attachments, attachment);
}

static void check_form(const HttpRequest *request, const char *method, const char *part) {
    g_autofree char *end = g_strconcat("/", method, NULL);
    g_assert_true(g_str_has_suffix(request->url, end));
    const char *type = http_header_find(request->headers, "content-type");
    g_assert_true(g_str_has_prefix(type, "multipart/form-data; boundary="));
    gsize length;
    const char *bytes = g_bytes_get_data(request->body, &length);
    g_assert_nonnull(g_strstr_len(bytes, (gssize)length, part));
}

static void test_files_go_by_the_method_of_their_type_and_the_first_bears_the_text(void) {
    g_autoptr(Outgoing) outgoing = reply("Ohessa.");
    add_file(outgoing, "kuva.jpg", "image/jpeg", 100);
    add_file(outgoing, "iso.jpg", "image/jpeg", 11 * 1024 * 1024);
    add_file(outgoing, "la\"sku\r\n.pdf", "application/pdf\r\nX: y", 5);
    g_autoptr(GPtrArray) requests = encode(outgoing, NULL);
    g_assert_cmpuint(requests->len, ==, 3);
    check_form(requests->pdata[0], "sendPhoto", "name=\"caption\"\r\n\r\nOhessa.\r\n");
    check_form(requests->pdata[1], "sendDocument", "name=\"document\"; filename=\"iso.jpg\"");
    check_form(requests->pdata[2], "sendDocument",
               "filename=\"la%22sku.pdf\"\r\nContent-Type: application/octet-stream\r\n\r\n");
}

static void test_what_cannot_be_sent_says_why(void) {
    g_autoptr(Outgoing) empty = reply(" ");
    g_assert_null(encode(empty, "message_empty"));
    g_autoptr(Outgoing) nowhere = reply("hei");
    g_clear_pointer(&nowhere->thread_key, g_free);
    g_assert_null(encode(nowhere, "thread_invalid"));
    g_autoptr(Outgoing) huge = reply("hei");
    add_file(huge, "x", "text/plain", 50 * 1024 * 1024 + 1);
    g_assert_null(encode(huge, "attachment_too_large"));
    g_autoptr(Outgoing) hollow = reply("hei");
    add_file(hollow, "x", "text/plain", 0);
    g_assert_null(encode(hollow, "attachment_empty"));
}

typedef struct {
    const char *kind;
    const char *answer; // {status, body}
    ReceiptState state;
    const char *provider_id;
    gint64 retry_after_ms;
    const char *flags; // s: stops_channel, g: customer_gone, q: retry_without_quote
    const char *moved;
} Meaning;

#define OK "{\"status\":200,\"body\":{\"ok\":true,\"result\":"
#define NO(code, text)                                                                             \
    "{\"status\":" #code ",\"body\":{\"ok\":false,\"error_code\":" #code                           \
    ",\"description\":\"" text "\"}}"

static const Meaning meanings[] = {
    {"telegram", OK "{\"message_id\":55,\"chat\":{\"id\":7100200301}}}}", RECEIPT_SENT,
     "7100200301:55", -1, "", NULL},
    {"telegram", OK "{\"message_id\":5,\"chat\":{\"id\":7},\"business_connection_id\":\"b\"}}}",
     RECEIPT_SENT, "7@b:5", -1, "", NULL},
    {"telegram", OK "true}}", RECEIPT_UNKNOWN, NULL, -1, "", NULL},
    {"telegram", "{\"status\":200,\"body\":\"<html>\"}", RECEIPT_UNKNOWN, NULL, -1, "", NULL},
    {"telegram", NO(403, "Forbidden: bot was blocked by the user"), RECEIPT_REFUSED, NULL, -1, "g",
     NULL},
    {"telegram", NO(403, "Forbidden: user is deactivated"), RECEIPT_REFUSED, NULL, -1, "g", NULL},
    {"telegram", NO(403, "Forbidden: bot can't initiate conversation with a user"), RECEIPT_REFUSED,
     NULL, -1, "", NULL},
    {"telegram", NO(400, "Bad Request: chat not found"), RECEIPT_REFUSED, NULL, -1, "", NULL},
    {"telegram", NO(400, "Bad Request: message is too long"), RECEIPT_REFUSED, NULL, -1, "", NULL},
    {"telegram", NO(400, "Bad Request: message to be replied not found"), RECEIPT_RETRY, NULL, 0,
     "q", NULL},
    {"telegram",
     "{\"status\":400,\"body\":{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: "
     "group chat was upgraded\",\"parameters\":{\"migrate_to_chat_id\":-1002233445566}}}",
     RECEIPT_RETRY, NULL, 0, "", "-1002233445566"},
    {"telegram",
     "{\"status\":429,\"body\":{\"ok\":false,\"error_code\":429,\"description\":\"Too Many "
     "Requests: retry after 9\",\"parameters\":{\"retry_after\":9}}}",
     RECEIPT_RETRY, NULL, 9000, "", NULL},
    {"telegram", NO(401, "Unauthorized"), RECEIPT_RETRY, NULL, -1, "s", NULL},
    {"telegram", NO(404, "Not Found"), RECEIPT_RETRY, NULL, -1, "s", NULL},
    {"telegram", NO(409, "Conflict"), RECEIPT_RETRY, NULL, -1, "", NULL},
    {"telegram", NO(502, "Bad Gateway"), RECEIPT_RETRY, NULL, -1, "", NULL},
    {"telegram", "{\"status\":504,\"body\":\"x\"}", RECEIPT_RETRY, NULL, -1, "", NULL},
    {"telegram", NO(413, "Request Entity Too Large"), RECEIPT_REFUSED, NULL, -1, "", NULL},
    {"generic", "{\"status\":200,\"body\":{\"id\":\"v-out-1\"}}", RECEIPT_SENT, "v-out-1", -1, "",
     NULL},
    {"generic", "{\"status\":202,\"body\":{\"id\":17}}", RECEIPT_SENT, "17", -1, "", NULL},
    {"generic", "{\"status\":204,\"body\":\"\"}", RECEIPT_SENT, NULL, -1, "", NULL},
    {"generic", "{\"status\":410,\"body\":{}}", RECEIPT_RETRY, NULL, -1, "s", NULL},
    {"generic", "{\"status\":422,\"body\":{}}", RECEIPT_REFUSED, NULL, -1, "", NULL},
    {"generic", "{\"status\":500,\"body\":{}}", RECEIPT_RETRY, NULL, -1, "", NULL},
    {"generic", "{\"status\":429,\"after\":\"7\",\"body\":{}}", RECEIPT_RETRY, NULL, 7000, "",
     NULL},
    {"generic", "{\"status\":503,\"after\":\"99999999999999\",\"body\":{}}", RECEIPT_RETRY, NULL,
     86400000, "", NULL},
    {"generic", "{\"status\":503,\"after\":\"Mon, 05 Jan 2026 09:00:00 GMT\",\"body\":{}}",
     RECEIPT_RETRY, NULL, -1, "", NULL},
};

static void check_meaning(const Meaning *meaning) {
    json_t *json = json_loads(meaning->answer, 0, NULL);
    g_assert_nonnull(json);
    g_autoptr(HttpAnswer) answer = case_answer_new(json);
    const char *after = json_string_value(json_object_get(json, "after"));
    if (after != NULL)
        http_answer_add_header(answer, "retry-after", after);
    Receipt receipt = {0};
    registry_find(meaning->kind)->interpret(answer, &receipt);
    g_test_message("%s", meaning->answer);
    g_assert_cmpint((int)receipt.state, ==, (int)meaning->state);
    g_assert_cmpstr(receipt.provider_id, ==, meaning->provider_id);
    g_assert_cmpint(receipt.retry_after_ms, ==, meaning->retry_after_ms);
    g_assert_cmpint(receipt.stops_channel, ==, strchr(meaning->flags, 's') != NULL);
    g_assert_cmpint(receipt.customer_gone, ==, strchr(meaning->flags, 'g') != NULL);
    g_assert_cmpint(receipt.retry_without_quote, ==, strchr(meaning->flags, 'q') != NULL);
    g_assert_cmpstr(receipt.moved_thread_key, ==, meaning->moved);
    receipt_clear(&receipt);
    json_decref(json);
}

static void test_every_answer_means_what_the_provider_says(void) {
    for (gsize at = 0; at < G_N_ELEMENTS(meanings); at++)
        check_meaning(&meanings[at]);
}

static void test_a_lost_answer_is_unknown_where_the_provider_cannot_tell_repetitions(void) {
    static const struct {
        const char *kind;
        gboolean was_sent;
        ReceiptState state;
    } cases[] = {{"telegram", TRUE, RECEIPT_UNKNOWN},
                 {"telegram", FALSE, RECEIPT_RETRY},
                 {"generic", TRUE, RECEIPT_RETRY},
                 {"generic", FALSE, RECEIPT_RETRY}};
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autoptr(HttpAnswer) answer = http_answer_new(0);
        answer->was_sent = cases[at].was_sent;
        answer->failure = g_strdup("the connection was lost");
        Receipt receipt = {0};
        registry_find(cases[at].kind)->interpret(answer, &receipt);
        g_assert_cmpint((int)receipt.state, ==, (int)cases[at].state);
        g_assert_cmpstr(receipt.reason, ==, "the connection was lost");
        receipt_clear(&receipt);
    }
}

static void test_a_generic_reply_is_the_envelope_that_also_comes_in(void) {
    g_autoptr(ChannelConfig) config = case_config_new("generic", NULL);
    g_autoptr(Outgoing) outgoing = reply("Selvitämme.");
    g_autoptr(GError) error = NULL;
    const ChannelKind *kind = registry_find("generic");
    g_assert_null(kind->encode(outgoing, config, 0, &error));
    g_assert_cmpstr(error_code(error), ==, "channel_receives_only");
    channel_config_set(config, "url", "https://vastaanottaja.example/hook");
    channel_config_set(config, "secret", "whsec_dXVzaQ==");
    outgoing->quoted_key = g_strdup("v-1");
    add_file(outgoing, "a.txt", "text/plain", 2);
    g_autoptr(GPtrArray) requests = kind->encode(outgoing, config, 1767603600000, NULL);
    const HttpRequest *request = requests->pdata[0];
    g_assert_true(request->has_idempotency_key);
    g_assert_cmpstr(http_header_find(request->headers, "webhook-id"), ==, "msg-977");
    g_assert_cmpstr(http_header_find(request->headers, "webhook-timestamp"), ==, "1767603600");
    gsize length;
    const char *bytes = g_bytes_get_data(request->body, &length);
    g_autofree char *body = g_strndup(bytes, length);
    g_assert_cmpstr(body, ==,
                    "{\"type\":\"message.created\",\"id\":\"msg-977\",\"conversation\":{\"id\":"
                    "\"7100200301\"},\"message\":{\"text\":\"Selvitämme.\",\"reply_to\":\"v-1\","
                    "\"attachments\":[{\"name\":\"a.txt\",\"content_type\":\"text/plain\","
                    "\"size\":2,\"data\":\"AAA=\"}]}}");
}

int main(int argc, char **argv) {
    secret_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/telegram/a-reply-quotes-the-message-that-it-answers",
                    test_a_reply_quotes_the_message_that_it_answers);
    g_test_add_func("/telegram/a-business-chat-is-answered-through-its-connection",
                    test_a_business_chat_is_answered_through_its_connection);
    g_test_add_func("/telegram/a-long-reply-goes-in-pieces-and-only-the-first-quotes",
                    test_a_long_reply_goes_in_pieces_and_only_the_first_quotes);
    g_test_add_func("/telegram/files-go-by-the-method-of-their-type-and-the-first-bears-the-text",
                    test_files_go_by_the_method_of_their_type_and_the_first_bears_the_text);
    g_test_add_func("/telegram/what-cannot-be-sent-says-why", test_what_cannot_be_sent_says_why);
    g_test_add_func("/outbound/every-answer-means-what-the-provider-says",
                    test_every_answer_means_what_the_provider_says);
    g_test_add_func("/outbound/a-lost-answer-is-unknown-where-repetitions-cannot-be-told",
                    test_a_lost_answer_is_unknown_where_the_provider_cannot_tell_repetitions);
    g_test_add_func("/generic/a-reply-is-the-envelope-that-also-comes-in",
                    test_a_generic_reply_is_the_envelope_that_also_comes_in);
    return g_test_run();
}
