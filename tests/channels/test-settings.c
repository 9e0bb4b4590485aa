#include "cases.h"

#include <string.h>

#include "base/error.h"
#include "base/secret.h"
#include "channels/registry.h"
#include "channels/settings.h"

static void test_each_value_is_checked_by_its_type(void) {
    static const struct {
        const char *kind;
        const char *name;
        const char *value;
        gboolean good;
    } cases[] = {
        {"generic", "url", "https://a.example/hook", TRUE},
        {"generic", "url", "http://127.0.0.1:80/hook", TRUE},
        {"generic", "url", "ftp://a.example/", FALSE},
        {"generic", "url", "https://user:word@a.example/hook", FALSE},
        {"generic", "url", "https://a.example/", FALSE},
        {"generic", "url", "https:///x", FALSE},
        {"generic", "url", "a.example", FALSE},
        {"generic", "verification", "hmac", TRUE},
        {"generic", "verification", "Hmac", FALSE},
        {"generic", "secret", "two\nlines", FALSE},
        {"generic", "map_text", "a.b.0.c", TRUE},
        {"generic", "map_text", "a\x01", FALSE},
        {"generic", "map_text", "\xff", FALSE},
        {"generic", "colour", "red", FALSE},
        {"email", "imap_port", "993", TRUE},
        {"email", "imap_port", "-1", FALSE},
        {"email", "imap_port", "99x", FALSE},
        {"email", "pop3_delete", "true", TRUE},
        {"email", "pop3_delete", "yes", FALSE},
        {"email", "signature", "Two\nlines", TRUE},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(ChannelConfig) config = channel_config_new(cases[at].kind);
        if (strcmp(cases[at].kind, "email") == 0)
            channel_config_set(config, "address", "tuki@example.org");
        channel_config_set(config, cases[at].name, cases[at].value);
        gboolean good = settings_check(registry_find(cases[at].kind), config, &error);
        g_test_message("%s %s", cases[at].kind, cases[at].name);
        g_assert_cmpint(good, ==, cases[at].good);
        if (!good)
            g_assert_nonnull(strstr(error->message, cases[at].name));
    }
}

static void test_what_is_required_must_be_there(void) {
    g_autoptr(GError) error = NULL;
    g_autoptr(ChannelConfig) config = channel_config_new("telegram");
    g_assert_false(settings_check(registry_find("telegram"), config, &error));
    g_assert_cmpstr(error_code(error), ==, "setting_missing");
    channel_config_set(config, "token", "1:a");
    g_assert_true(settings_check(registry_find("telegram"), config, NULL));
}

static void test_made_secrets_are_long_and_plain_and_leave_given_ones_alone(void) {
    g_autoptr(ChannelConfig) config = channel_config_new("generic");
    settings_make_secrets(registry_find("generic"), config);
    const char *secret = channel_config_get(config, "secret");
    g_assert_true(g_str_has_prefix(secret, "whsec_"));
    g_assert_cmpuint(strlen(secret), >=, 6 + 43);
    for (const char *at = secret + 6; *at != '\0'; at++)
        g_assert_true(g_ascii_isalnum(*at));
    g_assert_null(channel_config_get(config, "secret_old"));
    g_autofree char *first = g_strdup(secret);
    settings_make_secrets(registry_find("generic"), config);
    g_assert_cmpstr(channel_config_get(config, "secret"), ==, first);
}

static void test_defaults_fill_what_is_empty_and_nothing_else(void) {
    g_autoptr(ChannelConfig) config = channel_config_new("telegram");
    channel_config_set(config, "receive", "webhook");
    settings_fill_defaults(registry_find("telegram"), config);
    g_assert_cmpstr(channel_config_get(config, "receive"), ==, "webhook");
    g_assert_cmpstr(channel_config_get(config, "api_base"), ==, "https://api.telegram.org");
    g_assert_null(channel_config_get(config, "secret_token"));
}

int main(int argc, char **argv) {
    secret_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/settings/each-value-is-checked-by-its-type",
                    test_each_value_is_checked_by_its_type);
    g_test_add_func("/settings/what-is-required-must-be-there",
                    test_what_is_required_must_be_there);
    g_test_add_func("/settings/made-secrets-are-long-and-plain-and-leave-given-ones-alone",
                    test_made_secrets_are_long_and_plain_and_leave_given_ones_alone);
    g_test_add_func("/settings/defaults-fill-what-is-empty-and-nothing-else",
                    test_defaults_fill_what_is_empty_and_nothing_else);
    return g_test_run();
}
