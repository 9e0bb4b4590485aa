#include <string.h>

#include "base/error.h"
#include "mime/mbox.h"

#define FROM "From a@b Thu Jul 17 02:44:25 1996\n" // 837571465 s

typedef struct {
    GString *text; // the mails, with | behind each
    Instant last;
    gsize size;
} Seen;

static gboolean see(GBytes *bytes, gsize size, Instant arrived_at, gpointer data, GError **error) {
    (void)error;
    Seen *seen = data;
    g_string_append_len(seen->text, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));
    g_string_append_c(seen->text, '|');
    seen->last = arrived_at;
    seen->size = size;
    return TRUE;
}

static void check(const char *text, MboxQuoting quoting, gsize step, const char *expected) {
    g_autoptr(GString) got = g_string_new(NULL);
    Seen seen = {got, INSTANT_NONE, 0};
    g_autoptr(MboxReader) reader = mbox_reader_new(quoting, 100000, see, &seen);
    gsize length = strlen(text);
    for (gsize at = 0; at < length; at += step)
        g_assert_true(mbox_reader_feed(reader, text + at, MIN(step, length - at), NULL));
    g_assert_true(mbox_reader_finish(reader, NULL));
    g_assert_cmpstr(got->str, ==, expected);
}

static void check_steps(const char *text, MboxQuoting quoting, const char *expected) {
    static const gsize steps[] = {1, 7, 100000};
    for (gsize at = 0; at < G_N_ELEMENTS(steps); at++)
        check(text, quoting, steps[at], expected);
}

static void test_a_file_is_split_at_from_lines_after_empty_ones(void) {
    check_steps(FROM "A: 1\n\nx\n\n" FROM "B: 2\n\ny\n", MBOX_RD, "A: 1\n\nx\n|B: 2\n\ny\n|");
    check_steps(FROM "A: 1\n\nx\n" FROM "y\n\n", MBOX_RD,
                "A: 1\n\nx\n" FROM "y\n|"); // no empty line before: text
    check_steps(FROM "A: 1\n\nx\n\nFrom here on it rains\n", MBOX_RD,
                "A: 1\n\nx\n\nFrom here on it rains\n|");
    check_steps("From a@b Thu Jul 17 02:44:25 1996\r\nA: 1\r\n\r\nx\r\n\r\n", MBOX_RD,
                "A: 1\r\n\r\nx\r\n|");
}

static void test_quoting_is_undone_by_its_kind(void) {
    const char *text = FROM "\n>From a\n>>From b\n> From c\n>Fromage\n";
    check_steps(text, MBOX_RD, "\nFrom a\n>From b\n> From c\n>Fromage\n|");
    check_steps(text, MBOX_O, "\nFrom a\n>>From b\n> From c\n>Fromage\n|");
}

static void test_what_is_no_mbox_gives_no_mail(void) {
    check_steps("Subject: x\n\nhello\n", MBOX_RD, "");
    check_steps("", MBOX_RD, "");
    check_steps(FROM, MBOX_RD, "|");
}

static void test_from_lines_tell_when(void) {
    static const struct {
        const char *line;
        Instant instant;
    } cases[] = {
        {"From a@b Wed Jul 17 02:44:25 1996", 837571465000},
        {"From  Wed Jul 17 02:44:25 1996", 837571465000},
        {"From \"a b\"@c Wed Jul 17 02:44:25 1996 -0700", 837596665000},
        {"From 1759887354836468123@xxx Wed Jul 17 02:44:25 +0000 1996", 837571465000},
        {"From a@b Wed Jul 17 02:44:25 -0700 1996", 837596665000},
        {"From MAILER-DAEMON Fri Jul  8 12:08:34 2011", 1310126914000},
    };
    for (gsize at = 0; at < G_N_ELEMENTS(cases); at++) {
        Instant instant;
        g_assert_true(mbox_line_begins(cases[at].line, strlen(cases[at].line), &instant));
        g_assert_cmpint(instant, ==, cases[at].instant);
    }
    Instant instant;
    g_assert_false(mbox_line_begins("From a@b Wed Foo 17 02:44:25 1996", 33, &instant));
    g_assert_false(mbox_line_begins("From ", 5, &instant));
}

static void test_a_mail_is_cut_at_the_limit_and_its_size_told(void) {
    g_autoptr(GString) got = g_string_new(NULL);
    Seen seen = {got, INSTANT_NONE, 0};
    g_autofree char *line = g_strnfill(5000, 'a');
    g_autoptr(MboxReader) reader = mbox_reader_new(MBOX_RD, 10, see, &seen);
    g_assert_true(mbox_reader_feed(reader, FROM, strlen(FROM), NULL));
    g_assert_true(mbox_reader_feed(reader, line, 5000, NULL));
    g_assert_true(mbox_reader_finish(reader, NULL));
    g_assert_cmpstr(got->str, ==, "aaaaaaaaaa|");
    g_assert_cmpuint(seen.size, ==, 5000);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mbox/a-file-is-split-at-from-lines-after-empty-ones",
                    test_a_file_is_split_at_from_lines_after_empty_ones);
    g_test_add_func("/mbox/quoting-is-undone-by-its-kind", test_quoting_is_undone_by_its_kind);
    g_test_add_func("/mbox/what-is-no-mbox-gives-no-mail", test_what_is_no_mbox_gives_no_mail);
    g_test_add_func("/mbox/from-lines-tell-when", test_from_lines_tell_when);
    g_test_add_func("/mbox/a-mail-is-cut-at-the-limit-and-its-size-told",
                    test_a_mail_is_cut_at_the_limit_and_its_size_told);
    return g_test_run();
}
