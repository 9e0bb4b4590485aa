#include "api/target.h"
#include "base/error.h"

static void splits(const char *target, const char *expected) {
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) segments = target_split_path(target, &error);
    g_assert_no_error(error);
    g_autofree char *joined = g_strjoinv("|", segments);
    g_assert_cmpstr(joined, ==, expected);
}

static void test_segments_are_decoded_after_the_split(void) {
    splits("/", "");
    splits("/a/b", "a|b");
    splits("/a/b/", "a|b|");
    splits("//a", "|a");
    splits("/a%2Fb?c=d/e", "a/b");
    splits("/%2e%2e/x", "..|x");
    splits("/%252e", "%2e");
    splits("/a+b", "a+b");
    splits("/p%C3%A4iv%C3%A4%C3%A4", "päivää");
}

static void test_what_is_no_text_is_refused(void) {
    static const char *const wrong[] = {"",     "x",    "*",    "/%",    "/%4",     "/%zz",
                                        "/%00", "/%0a", "/%ff", "/a%7f", "/%c0%af", "http://x/"};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(target_split_path(wrong[at], &error));
        g_assert_cmpint((int)error_kind(error), ==, ERROR_INVALID);
    }
    g_autofree char *long_path = g_strnfill(9000, '/');
    g_assert_null(target_split_path(long_path, NULL));
}

static void test_a_query_gives_each_name_once(void) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) query = target_parse_query("/x?a=1&b=c+d%26&&e", "a b e", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_hash_table_size(query), ==, 3);
    g_assert_cmpstr(g_hash_table_lookup(query, "a"), ==, "1");
    g_assert_cmpstr(g_hash_table_lookup(query, "b"), ==, "c d&");
    g_assert_cmpstr(g_hash_table_lookup(query, "e"), ==, "");
}

static void refuses(const char *target, const char *accepted, const char *code) {
    g_autoptr(GError) error = NULL;
    g_assert_null(target_parse_query(target, accepted, &error));
    g_assert_cmpstr(error_code(error), ==, code);
}

static void test_repeated_and_unknown_parameters_are_refused(void) {
    refuses("/x?id=1&id=2", "id", "query_repeated");
    refuses("/x?id=1&i%64=2", "id", "query_repeated");
    refuses("/x?other=1", "id", "query_unknown");
    refuses("/x?i=1", "id", "query_unknown");
    refuses("/x?id=1", NULL, "query_unknown");
    refuses("/x?id=%zz", "id", "target_invalid");
    g_autoptr(GHashTable) any = target_parse_query("/x?whatever=1", "*", NULL);
    g_assert_nonnull(any);
}

static void test_parameters_without_end_are_refused(void) {
    g_autoptr(GString) target = g_string_new("/x?");
    for (int at = 0; at < 100; at++)
        g_string_append_printf(target, "a%d=1&", at);
    refuses(target->str, "*", "target_invalid");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/target/segments-are-decoded-after-the-split",
                    test_segments_are_decoded_after_the_split);
    g_test_add_func("/target/what-is-no-text-is-refused", test_what_is_no_text_is_refused);
    g_test_add_func("/target/a-query-gives-each-name-once", test_a_query_gives_each_name_once);
    g_test_add_func("/target/repeated-and-unknown-parameters-are-refused",
                    test_repeated_and_unknown_parameters_are_refused);
    g_test_add_func("/target/parameters-without-end-are-refused",
                    test_parameters_without_end_are_refused);
    return g_test_run();
}
