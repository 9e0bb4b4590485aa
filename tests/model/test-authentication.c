#include "model/authentication.h"

static gboolean passes(const char *authserv_id, const char *first, const char *second) {
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(values, g_strdup(first));
    if (second != NULL)
        g_ptr_array_add(values, g_strdup(second));
    return authentication_has_dmarc_pass(values, authserv_id);
}

static void test_our_own_servers_pass_counts(void) {
    g_assert_true(passes("mx.us.example",
                         "mx.us.example; spf=pass smtp.mailfrom=a.example;"
                         " dmarc=pass (p=reject) header.from=a.example",
                         NULL));
    g_assert_true(passes("mx.us.example", "MX.us.example 1; dmarc = pass", NULL));
}

static void test_strangers_words_do_not_count(void) {
    g_assert_false(passes("mx.us.example", "mx.evil.example; dmarc=pass", NULL));
    g_assert_false(passes("mx.us.example", "mx.us.example.evil; dmarc=pass", NULL));
    g_assert_false(passes(NULL, "mx.us.example; dmarc=pass", NULL));
}

static void test_a_forged_value_below_ours_does_not_count(void) {
    g_assert_false(
        passes("mx.us.example", "mx.us.example; dmarc=fail", "mx.us.example; dmarc=pass"));
}

static void test_pass_inside_a_comment_or_quotes_does_not_count(void) {
    g_assert_false(passes("mx.us.example", "mx.us.example; spf=fail (x; dmarc=pass)", NULL));
    g_assert_false(
        passes("mx.us.example", "mx.us.example; auth=none reason=\"; dmarc=pass\"", NULL));
    g_assert_false(passes("mx.us.example", "mx.us.example; dmarc=passed", NULL));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/authentication/our-own-servers-pass-counts",
                    test_our_own_servers_pass_counts);
    g_test_add_func("/authentication/strangers-words-do-not-count",
                    test_strangers_words_do_not_count);
    g_test_add_func("/authentication/a-forged-value-below-ours-does-not-count",
                    test_a_forged_value_below_ours_does_not_count);
    g_test_add_func("/authentication/pass-inside-a-comment-or-quotes-does-not-count",
                    test_pass_inside_a_comment_or_quotes_does_not_count);
    return g_test_run();
}
