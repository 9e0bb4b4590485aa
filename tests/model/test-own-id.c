#include "model/own_id.h"

#include <glib/gstdio.h>
#include <string.h>

static SecretKey *key;

static void test_a_signed_id_leads_to_its_conversation(void) {
    g_autofree char *id = own_id_make(key, 42, 977, "mail.example.com");
    Id conversation, message;
    g_assert_true(own_id_find(key, id, &conversation, &message));
    g_assert_cmpint(conversation, ==, 42);
    g_assert_cmpint(message, ==, 977);
}

static void test_a_forged_id_leads_nowhere(void) {
    g_autofree char *id = own_id_make(key, 42, 977, "mail.example.com");
    g_autofree char *other = g_strdup(id);
    other[1] = '5'; // c42 -> c52
    g_assert_false(own_id_find(key, other, NULL, NULL));
    static const char *const forged[] = {
        "",
        "c42",
        "c42.m977",
        "c42.m977.@x",
        "c42.m977.00000000000000000000000000000000@x",
        "c0.m1.00000000000000000000000000000000@x",
        "c42.m99999999999999999999.00@x",
        "@",
    };
    for (gsize at = 0; at < G_N_ELEMENTS(forged); at++)
        g_assert_false(own_id_find(key, forged[at], NULL, NULL));
}

static void test_a_token_survives_in_an_address(void) {
    g_autofree char *address = own_token_make(key, 42, "support@example.org");
    g_assert_true(g_str_has_prefix(address, "support+c42."));
    g_assert_true(g_str_has_suffix(address, "@example.org"));
    Id conversation;
    g_assert_true(own_token_find(key, address, &conversation));
    g_assert_cmpint(conversation, ==, 42);
    g_assert_false(own_token_find(key, "support+c42.00000000000000000000000000000000@example.org",
                                  &conversation));
    g_assert_false(own_token_find(key, "support+sales@example.org", &conversation));
}

static void test_a_token_is_no_message_id(void) {
    g_autofree char *address = own_token_make(key, 42, "a@b");
    g_assert_false(own_id_find(key, strchr(address, '+') + 1, NULL, NULL));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    secret_init();
    g_autofree char *directory = g_dir_make_tmp("own-id-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "key", NULL);
    key = secret_key_load(path, TRUE, NULL);
    g_assert_nonnull(key);
    g_test_add_func("/own-id/a-signed-id-leads-to-its-conversation",
                    test_a_signed_id_leads_to_its_conversation);
    g_test_add_func("/own-id/a-forged-id-leads-nowhere", test_a_forged_id_leads_nowhere);
    g_test_add_func("/own-id/a-token-survives-in-an-address", test_a_token_survives_in_an_address);
    g_test_add_func("/own-id/a-token-is-no-message-id", test_a_token_is_no_message_id);
    int result = g_test_run();
    g_unlink(path);
    g_rmdir(directory);
    secret_key_free(key);
    return result;
}
