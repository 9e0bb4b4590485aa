#include "cases.h"

#include <string.h>

#include "base/error.h"
#include "base/secret.h"
#include "channels/registry.h"
#include "channels/signature.h"

#define NOW (1767603600 * (Instant)1000)
#define SECRET "whsec_c2FsYWlzdXVzLWphLWx1b3R0YW11cw==" // "salaisuus-ja-luottamus"

static gboolean is_accepted(const ChannelKind *kind, const ChannelConfig *config,
                            const HttpRequest *request, Instant now) {
    g_autoptr(GError) error = NULL;
    gboolean good = kind->verify(request, config, now, &error);
    if (!good)
        g_assert_cmpint((int)error_kind(error), ==, ERROR_UNAUTHENTICATED);
    return good;
}

static const char *secret_setting(const char *kind) {
    return strcmp(kind, "telegram") == 0 ? "secret_token" : "secret";
}

static void check_vector(const json_t *vector, const ChannelKind *kind) {
    g_autoptr(ChannelConfig) config = case_config_new(kind->name, NULL);
    const char *text = json_string_value(json_object_get(vector, "body"));
    channel_config_set(config, secret_setting(kind->name),
                       json_string_value(json_object_get(vector, "secret")));
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    g_autoptr(HttpRequest) request = case_request_new(json_object_get(vector, "headers"), body);
    Instant now = (Instant)json_integer_value(json_object_get(vector, "now")) * 1000;
    gboolean expected = json_is_true(json_object_get(vector, "valid"));
    if (is_accepted(kind, config, request, now) == expected)
        return;
    g_test_message("vector \"%s\" of %s", json_string_value(json_object_get(vector, "name")),
                   kind->name);
    g_test_fail();
}

static void test_every_shared_vector_comes_out_right(void) {
    g_autofree char *path = case_shared_path("signatures.json");
    if (path == NULL)
        return;
    json_t *all = case_load(path);
    const json_t *vectors = json_object_get(all, "signatures");
    guint checked = 0;
    for (gsize at = 0; at < json_array_size(vectors); at++) {
        const json_t *vector = json_array_get(vectors, at);
        const ChannelKind *kind =
            registry_find(json_string_value(json_object_get(vector, "channel")));
        if (kind == NULL || kind->verify == NULL)
            continue;
        check_vector(vector, kind);
        checked++;
    }
    g_assert_cmpuint(checked, >=, 7);
    json_decref(all);
}

static HttpRequest *post(const char *name, const char *value, const char *text) {
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    HttpRequest *request = case_request_new(NULL, body);
    if (name != NULL)
        http_request_add_header(request, name, value);
    return request;
}

static void test_telegram_takes_either_of_two_tokens_and_no_other(void) {
    const ChannelKind *kind = registry_find("telegram");
    g_autoptr(ChannelConfig) config = case_config_new("telegram", NULL);
    channel_config_set(config, "secret_token", "uusi_Token-1");
    channel_config_set(config, "secret_token_old", "vanha_Token-1");
    static const struct {
        const char *token;
        gboolean good;
    } cases[] = {{"uusi_Token-1", TRUE},
                 {"vanha_Token-1", TRUE},
                 {"", FALSE},
                 {"uusi_Token-", FALSE},
                 {"UUSI_TOKEN-1", FALSE},
                 {"uusi_Token-1 ", FALSE},
                 {"vanha_Token-2", FALSE},
                 {NULL, FALSE}};
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autoptr(HttpRequest) request =
            post(cases[at].token != NULL ? "x-telegram-bot-api-secret-token" : NULL,
                 cases[at].token, "{}");
        g_assert_cmpint(is_accepted(kind, config, request, NOW), ==, cases[at].good);
    }
}

static void test_a_channel_without_a_secret_accepts_nothing(void) {
    g_autoptr(ChannelConfig) config = case_config_new("telegram", NULL);
    g_autoptr(HttpRequest) request = post("X-Telegram-Bot-Api-Secret-Token", "", "{}");
    g_assert_false(is_accepted(registry_find("telegram"), config, request, NOW));
    g_autoptr(ChannelConfig) generic = case_config_new("generic", NULL);
    g_autoptr(HttpRequest) other = post("webhook-signature", "v1,", "{}");
    http_request_add_header(other, "webhook-id", "1");
    http_request_add_header(other, "webhook-timestamp", "1767603600");
    g_assert_false(is_accepted(registry_find("generic"), generic, other, NOW));
}

static ChannelConfig *generic_config(const char *secret, const char *former) {
    ChannelConfig *config = case_config_new("generic", NULL);
    channel_config_set(config, "url", "https://vastaanottaja.example/hook");
    channel_config_set(config, "secret", secret);
    channel_config_set(config, "secret_old", former);
    return config;
}

// What we sign ourselves is what we accept: the same rules both ways.
static HttpRequest *signed_request(const ChannelConfig *config) {
    g_autoptr(Outgoing) outgoing = outgoing_new();
    outgoing->message_id = 977;
    outgoing->thread_key = g_strdup("huone-4");
    g_free(outgoing->text);
    outgoing->text = g_strdup("Selvitämme.");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) requests = registry_find("generic")->encode(outgoing, config, NOW, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(requests->len, ==, 1);
    return g_ptr_array_steal_index(requests, 0);
}

static void test_generic_tolerates_five_minutes_both_ways_and_a_change_of_secret(void) {
    const ChannelKind *kind = registry_find("generic");
    g_autoptr(ChannelConfig) ours = generic_config(SECRET, NULL);
    g_autoptr(ChannelConfig) unpadded =
        generic_config("whsec_c2FsYWlzdXVzLWphLWx1b3R0YW11cw", NULL);
    g_autoptr(ChannelConfig) changed = generic_config("whsec_dXVzaQ==", SECRET);
    g_autoptr(ChannelConfig) other = generic_config("whsec_dXVzaQ==", NULL);
    g_autoptr(HttpRequest) request = signed_request(ours);
    g_assert_true(is_accepted(kind, ours, request, NOW));
    g_assert_true(is_accepted(kind, unpadded, request, NOW));
    g_assert_true(is_accepted(kind, changed, request, NOW));
    g_assert_false(is_accepted(kind, other, request, NOW));
    g_assert_true(is_accepted(kind, ours, request, NOW + 300000));
    g_assert_true(is_accepted(kind, ours, request, NOW - 300000));
    g_assert_false(is_accepted(kind, ours, request, NOW + 300001));
    g_assert_false(is_accepted(kind, ours, request, NOW - 300001));
}

static void test_one_changed_byte_anywhere_is_refused(void) {
    const ChannelKind *kind = registry_find("generic");
    g_autoptr(ChannelConfig) config = generic_config(SECRET, NULL);
    g_autoptr(HttpRequest) request = signed_request(config);
    gsize length;
    const guint8 *bytes = g_bytes_get_data(request->body, &length);
    for (gsize at = 0; at < length; at++) {
        guint8 *copy = g_memdup2(bytes, length);
        copy[at] ^= 1;
        g_autoptr(HttpRequest) forged = http_request_new("POST", request->url);
        for (guint header = 1; header < request->headers->len; header++) {
            const HttpField *field = request->headers->pdata[header];
            http_request_add_header(forged, field->name, field->value);
        }
        http_request_take_body(forged, "application/json", g_bytes_new_take(copy, length));
        g_assert_false(is_accepted(kind, config, forged, NOW));
    }
    g_assert_true(is_accepted(kind, config, request, NOW));
}

static void test_other_sources_prove_themselves_by_mac_or_token(void) {
    const ChannelKind *kind = registry_find("generic");
    g_autoptr(ChannelConfig) config = generic_config("avain", NULL);
    channel_config_set(config, "signature_header", "X-Sign");
    channel_config_set(config, "verification", "hmac");
    guint8 mac[SIGNATURE_SIZE];
    g_autofree char *hex = g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *)"avain",
                                                     strlen("avain"), "{\"a\":1}", -1);
    g_autofree char *prefixed = g_strconcat("sha256=", hex, NULL);
    g_autofree char *upper = g_ascii_strup(hex, -1);
    g_autoptr(GBytes) key = g_bytes_new_static("avain", 5);
    signature_make(key, &(SignatureSpan){"{\"a\":1}", 7}, 1, mac);
    g_autofree char *base64 = g_base64_encode(mac, sizeof mac);
    const struct {
        const char *way;
        const char *value;
        gboolean good;
    } cases[] = {
        {"hmac", hex, TRUE},      {"hmac", prefixed, TRUE},
        {"hmac", base64, TRUE},   {"hmac", upper, FALSE},
        {"hmac", "", FALSE},      {"hmac", "avain", FALSE},
        {"token", "avain", TRUE}, {"token", "Bearer avain", TRUE},
        {"token", hex, FALSE},    {"address", "mitä vain", TRUE},
        {"standard", hex, FALSE},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        channel_config_set(config, "verification", cases[at].way);
        g_autoptr(HttpRequest) request = post("X-Sign", cases[at].value, "{\"a\":1}");
        g_assert_cmpint(is_accepted(kind, config, request, NOW), ==, cases[at].good);
    }
}

static void check_bytes(GBytes *bytes, const char *expected) {
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    g_assert_cmpuint(length, ==, strlen(expected));
    g_assert_true(length == 0 || memcmp(data, expected, length) == 0);
}

static void test_base64_is_taken_with_and_without_padding_and_nothing_else(void) {
    static const struct {
        const char *text;
        const char *bytes; // NULL: none
    } cases[] = {{"YWI=", "ab"}, {"YWI", "ab"},  {"YWJj", "abc"}, {"-_-_", "\xfb\xff\xbf"},
                 {"Y", NULL},    {"YW I", NULL}, {"YW\nI", NULL}, {"", ""}};
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autoptr(GBytes) bytes = signature_base64_decode(cases[at].text, strlen(cases[at].text));
        g_assert_cmpint(bytes != NULL, ==, cases[at].bytes != NULL);
        if (bytes != NULL)
            check_bytes(bytes, cases[at].bytes);
    }
}

int main(int argc, char **argv) {
    secret_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signature/every-shared-vector-comes-out-right",
                    test_every_shared_vector_comes_out_right);
    g_test_add_func("/signature/telegram-takes-either-of-two-tokens-and-no-other",
                    test_telegram_takes_either_of_two_tokens_and_no_other);
    g_test_add_func("/signature/a-channel-without-a-secret-accepts-nothing",
                    test_a_channel_without_a_secret_accepts_nothing);
    g_test_add_func("/signature/generic-tolerates-five-minutes-both-ways-and-a-change-of-secret",
                    test_generic_tolerates_five_minutes_both_ways_and_a_change_of_secret);
    g_test_add_func("/signature/one-changed-byte-anywhere-is-refused",
                    test_one_changed_byte_anywhere_is_refused);
    g_test_add_func("/signature/other-sources-prove-themselves-by-mac-or-token",
                    test_other_sources_prove_themselves_by_mac_or_token);
    g_test_add_func("/signature/base64-is-taken-with-and-without-padding-and-nothing-else",
                    test_base64_is_taken_with_and_without_padding_and_nothing_else);
    return g_test_run();
}
