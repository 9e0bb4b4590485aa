#include "base/error.h"
#include "net/imap_name.h"

static void test_names_go_to_modified_utf7_and_back(void) {
    static const struct {
        const char *name, *encoded;
    } cases[] = {
        {"inbox", "INBOX"},
        {"Sent", "Sent"},
        {"Lähetetyt", "L&AOQ-hetetyt"},
        {"A&B", "A&-B"},
        {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"}, // RFC 3501 5.1.3
        {"a\r\nb", "a&AA0ACg-b"},
        {"😀", "&2D3eAA-"},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        g_autofree char *encoded = imap_name_encode(cases[at].name, NULL);
        g_assert_cmpstr(encoded, ==, cases[at].encoded);
        g_autofree char *back = imap_name_decode(encoded);
        g_assert_cmpstr(back, ==, at == 0 ? "INBOX" : cases[at].name);
    }
}

static void test_names_that_are_not_names_are_refused(void) {
    g_autofree char *long_name = g_strnfill(1001, 'a');
    const char *const wrong[] = {"", "\xff", long_name};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(imap_name_encode(wrong[at], &error));
        g_assert_cmpint((int)error_kind(error), ==, ERROR_INVALID);
    }
}

static void test_broken_encodings_come_back_as_they_are(void) {
    g_autofree char *open = imap_name_decode("a&b");
    g_assert_cmpstr(open, ==, "a&b");
    g_autofree char *wrong = imap_name_decode("a&!!-");
    g_assert_cmpstr(wrong, ==, "a&!!-");
}

static void test_nothing_breaks_out_of_quotes(void) {
    g_autofree char *quoted = imap_quote("a\"b\\c{3}", NULL);
    g_assert_cmpstr(quoted, ==, "\"a\\\"b\\\\c{3}\"");
    static const char *const wrong[] = {"a\r\nz9 DELETE INBOX", "a\nb", "\x7f", "ä"};
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(imap_quote(wrong[at], &error));
        g_assert_cmpint((int)error_kind(error), ==, ERROR_INVALID);
    }
}

static void test_sets_join_neighbours(void) {
    static const guint32 uids[] = {1, 2, 3, 5, 9, 10, G_MAXUINT32};
    g_autofree char *set = imap_set_format(uids, G_N_ELEMENTS(uids));
    g_assert_cmpstr(set, ==, "1:3,5,9:10,4294967295");
}

static void test_internal_dates_are_read_with_their_zone(void) {
    g_assert_cmpint(imap_date_parse("17-Jul-1996 02:44:25 -0700"), ==, 837596665000);
    g_assert_cmpint(imap_date_parse(" 1-Jan-1970 02:00:00 +0200"), ==, 0);
    g_assert_cmpint(imap_date_parse("32-Jan-1970 02:00:00 +0200"), ==, INSTANT_NONE);
    g_assert_cmpint(imap_date_parse("1-Foo-1970 02:00:00 +0200"), ==, INSTANT_NONE);
    g_assert_cmpint(imap_date_parse(""), ==, INSTANT_NONE);
    g_autofree char *text = imap_date_format(837596665000);
    g_assert_cmpstr(text, ==, "17-Jul-1996 09:44:25 +0000");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/imap_name/names-go-to-modified-utf7-and-back",
                    test_names_go_to_modified_utf7_and_back);
    g_test_add_func("/imap_name/names-that-are-not-names-are-refused",
                    test_names_that_are_not_names_are_refused);
    g_test_add_func("/imap_name/broken-encodings-come-back-as-they-are",
                    test_broken_encodings_come_back_as_they_are);
    g_test_add_func("/imap_name/nothing-breaks-out-of-quotes", test_nothing_breaks_out_of_quotes);
    g_test_add_func("/imap_name/sets-join-neighbours", test_sets_join_neighbours);
    g_test_add_func("/imap_name/internal-dates-are-read-with-their-zone",
                    test_internal_dates_are_read_with_their_zone);
    return g_test_run();
}
