// TOTP against RFC 6238 and our rules of use.
#include <string.h>

#include "model/totp.h"

static const guint8 *seed(void) {
    return (const guint8 *)"12345678901234567890";
}

static void test_codes_are_those_of_rfc_6238(void) {
    static const struct {
        gint64 seconds;
        guint code; // the last six of its eight digits
    } vectors[] = {{59, 287082},       {1111111109, 81804},  {1111111111, 50471},
                   {1234567890, 5924}, {2000000000, 279037}, {20000000000, 353130}};
    for (gsize at = 0; at < G_N_ELEMENTS(vectors); at++)
        g_assert_cmpuint(totp_code(seed(), vectors[at].seconds / 30), ==, vectors[at].code);
}

static gint64 match(gint64 step, Instant now, gint64 last) {
    g_autofree char *code = g_strdup_printf("%06u", totp_code(seed(), step));
    return totp_match(seed(), code, now, last);
}

static void test_one_step_before_and_after_counts(void) {
    Instant now = 1000 * TOTP_STEP_MS + 5;
    g_assert_cmpint(match(1000, now, 0), ==, 1000);
    g_assert_cmpint(match(999, now, 0), ==, 999);
    g_assert_cmpint(match(1001, now, 0), ==, 1001);
    g_assert_cmpint(match(998, now, 0), ==, -1);
    g_assert_cmpint(match(995, now, 0), ==, -1);
    g_assert_cmpint(match(1005, now, 0), ==, -1);
}

static void test_each_step_counts_once(void) {
    Instant now = 1000 * TOTP_STEP_MS;
    g_assert_cmpint(match(1000, now, 1000), ==, -1);
    g_assert_cmpint(match(999, now, 1000), ==, -1);
    g_assert_cmpint(match(1001, now, 1000), ==, 1001);
}

static void test_what_is_no_code_is_none(void) {
    static const char *const wrong[] = {"", "12345", "1234567", "12345a", "-12345", " 12345"};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++)
        g_assert_cmpint(totp_match(seed(), wrong[at], 0, -5), ==, -1);
}

static void test_the_uri_is_what_apps_read(void) {
    g_autofree char *uri = totp_uri(seed(), "dialogd", "anna+x@example.org");
    g_assert_cmpstr(uri, ==,
                    "otpauth://totp/dialogd:anna%2Bx@example.org?secret="
                    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=dialogd&algorithm=SHA1&digits=6"
                    "&period=30");
    g_autofree char *odd = totp_base32((const guint8 *)"fooba", 4);
    g_assert_cmpstr(odd, ==, "MZXW6YQ");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/totp/codes are those of RFC 6238", test_codes_are_those_of_rfc_6238);
    g_test_add_func("/totp/A07: one step before and after counts",
                    test_one_step_before_and_after_counts);
    g_test_add_func("/totp/A07: each step counts once", test_each_step_counts_once);
    g_test_add_func("/totp/what is no code is none", test_what_is_no_code_is_none);
    g_test_add_func("/totp/the URI is what apps read", test_the_uri_is_what_apps_read);
    return g_test_run();
}
