#include "base/secret.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "../store/scratch.h"
#include "base/error.h"

static void test_a_sealed_value_opens_only_where_it_belongs(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autofree char *path = scratch_path(&scratch, "key");
    g_autoptr(SecretKey) key = secret_key_load(path, TRUE, NULL);
    g_autoptr(GBytes) plain = g_bytes_new_static("hunter2", 7);
    g_autoptr(GBytes) sealed = secret_seal(key, "channel/1/secrets", plain);
    g_assert_null(memmem(g_bytes_get_data(sealed, NULL), g_bytes_get_size(sealed), "hunter2", 7));
    g_autoptr(GBytes) opened = secret_open(key, "channel/1/secrets", sealed, NULL);
    g_assert_true(g_bytes_equal(plain, opened));
    g_autoptr(GError) error = NULL;
    g_assert_null(secret_open(key, "channel/2/secrets", sealed, &error));
    g_assert_cmpstr(error_code(error), ==, "secret_unreadable");
}

static void test_another_key_opens_nothing(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autofree char *path = scratch_path(&scratch, "key");
    g_autofree char *other_path = scratch_path(&scratch, "other");
    g_autoptr(SecretKey) key = secret_key_load(path, TRUE, NULL);
    g_autoptr(SecretKey) other = secret_key_load(other_path, TRUE, NULL);
    g_autoptr(GBytes) plain = g_bytes_new_static("x", 1);
    g_autoptr(GBytes) sealed = secret_seal(key, "a", plain);
    g_assert_null(secret_open(other, "a", sealed, NULL));
    g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
    g_assert_null(secret_open(key, "a", empty, NULL));
}

static void test_a_key_file_that_others_can_read_is_refused(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autofree char *path = scratch_path(&scratch, "key");
    g_autoptr(SecretKey) made = secret_key_load(path, TRUE, NULL);
    g_assert_nonnull(made);
    g_assert_cmpint(g_chmod(path, 0444), ==, 0);
    g_autoptr(GError) error = NULL;
    g_assert_null(secret_key_load(path, FALSE, &error));
    g_assert_cmpstr(error_code(error), ==, "key_file_wrong");
}

static void test_a_missing_key_is_not_made_unasked(void) {
    g_auto(Scratch) scratch = scratch_new();
    g_autofree char *path = scratch_path(&scratch, "key");
    g_autoptr(GError) error = NULL;
    g_assert_null(secret_key_load(path, FALSE, &error));
    g_assert_cmpstr(error_code(error), ==, "key_file_missing");
}

static void test_tokens_differ_and_have_their_bits(void) {
    g_autofree char *one = secret_token("dd_", 256);
    g_autofree char *other = secret_token("dd_", 256);
    g_assert_true(g_str_has_prefix(one, "dd_"));
    g_assert_cmpuint(strlen(one), ==, 3 + 43);
    g_assert_cmpstr(one, !=, other);
}

static void test_comparison_needs_the_same_length(void) {
    g_assert_true(secret_equal("abc", 3, "abc", 3));
    g_assert_false(secret_equal("abc", 3, "abcd", 4));
    g_assert_false(secret_equal("abc", 3, "abd", 3));
}

static void test_a_password_matches_only_itself(void) {
    g_autofree char *hash = secret_password_hash("correct horse");
    g_assert_true(g_str_has_prefix(hash, "$argon2id$v=19$m=65536,t=2"));
    g_assert_true(secret_password_matches(hash, "correct horse"));
    g_assert_false(secret_password_matches(hash, "correct horse "));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    secret_init();
#define ADD(name, function) g_test_add_func("/secret/" name, function)
    ADD("a-sealed-value-opens-only-where-it-belongs",
        test_a_sealed_value_opens_only_where_it_belongs);
    ADD("another-key-opens-nothing", test_another_key_opens_nothing);
    ADD("a-key-file-that-others-can-read-is-refused",
        test_a_key_file_that_others_can_read_is_refused);
    ADD("a-missing-key-is-not-made-unasked", test_a_missing_key_is_not_made_unasked);
    ADD("tokens-differ-and-have-their-bits", test_tokens_differ_and_have_their_bits);
    ADD("comparison-needs-the-same-length", test_comparison_needs_the_same_length);
    ADD("a-password-matches-only-itself", test_a_password_matches_only_itself);
    return g_test_run();
}
