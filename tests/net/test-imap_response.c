#include "base/error.h"
#include "net/imap_response.h"

#include <string.h>

static void feed(ImapReader *reader, const char *bytes, gsize length) {
    gsize size = 0;
    void *room = imap_reader_room(reader, &size);
    g_assert_cmpuint(size, >=, length);
    if (length > 0)
        memcpy(room, bytes, length);
    imap_reader_advance(reader, length);
}

static ImapResponse *read_one(const char *bytes, const ImapLimits *limits, GError **error) {
    g_autoptr(ImapReader) reader = imap_reader_new(limits);
    feed(reader, bytes, strlen(bytes));
    return imap_reader_next(reader, error);
}

static char *text_at(const GPtrArray *values, guint at) {
    return imap_value_dup_text(imap_values_at(values, at));
}

static void test_a_fetch_gives_its_items(void) {
    g_autoptr(ImapResponse) response =
        read_one("* 12 FETCH (UID 7 FLAGS (\\Seen $x) BODY[HEADER.FIELDS (DATE)] {3}\r\na)\r "
                 "X \"q\\\"\" N NIL)\r\n",
                 NULL, NULL);
    g_assert_nonnull(response);
    g_assert_cmpstr(response->tag, ==, "*");
    g_assert_null(response->status);
    g_assert_true(imap_value_is(imap_values_at(response->values, 1), "fetch"));
    const GPtrArray *items = imap_values_at(response->values, 2)->values;
    g_assert_cmpuint(items->len, ==, 10);
    gint64 uid = 0;
    g_assert_true(imap_value_number(imap_values_at(items, 1), &uid));
    g_assert_cmpint(uid, ==, 7);
    g_assert_cmpuint(imap_values_at(items, 3)->values->len, ==, 2);
    g_assert_true(imap_value_is(imap_values_at(items, 4), "BODY[HEADER.FIELDS (DATE)]"));
    g_autofree char *literal = text_at(items, 5);
    g_assert_cmpstr(literal, ==, "a)\r");
    g_autofree char *quoted = text_at(items, 7);
    g_assert_cmpstr(quoted, ==, "q\"");
    g_assert_cmpint((int)imap_values_at(items, 9)->type, ==, IMAP_NIL);
}

static void test_a_status_keeps_its_words_and_takes_no_literal(void) {
    g_autoptr(ImapResponse) response =
        read_one("z3 no [TRYCREATE] what is (this {5}\r\n", NULL, NULL);
    g_assert_cmpstr(response->tag, ==, "z3");
    g_assert_cmpstr(response->status, ==, "NO");
    g_assert_cmpstr(response->code, ==, "TRYCREATE");
    g_assert_cmpstr(response->text, ==, "what is (this {5}");
    g_autoptr(ImapResponse) go = read_one("+ idling {2}\r\n", NULL, NULL);
    g_assert_cmpstr(go->tag, ==, "+");
    g_assert_null(go->status);
}

static void test_mail_text_is_never_taken_for_an_answer(void) {
    const char *bytes = "* 1 FETCH (UID 1 BODY[] {25}\r\nz1 OK done\r\n* BYE bye\r\n\r\n)\r\n"
                        "z1 OK really\r\n";
    g_autoptr(ImapReader) reader = imap_reader_new(NULL);
    feed(reader, bytes, strlen(bytes));
    g_autoptr(ImapResponse) fetch = imap_reader_next(reader, NULL);
    g_autoptr(ImapResponse) answer = imap_reader_next(reader, NULL);
    g_assert_null(fetch->status);
    g_assert_cmpstr(answer->text, ==, "really");
}

static void test_bytes_may_come_one_by_one(void) {
    const char *bytes = "* 1 FETCH (BODY[] {4}\r\na\r\nb X {0}\r\n)\r\n* 2 EXISTS\r\n";
    g_autoptr(ImapReader) reader = imap_reader_new(NULL);
    guint count = 0;
    for (const char *at = bytes; *at != '\0'; at++) {
        g_autoptr(GError) error = NULL;
        feed(reader, at, 1);
        g_autoptr(ImapResponse) response = imap_reader_next(reader, &error);
        g_assert_no_error(error);
        count += response != NULL ? 1 : 0;
    }
    g_assert_cmpuint(count, ==, 2);
}

static void test_large_literals_are_received_whole(void) {
    g_autoptr(ImapReader) reader = imap_reader_new(NULL);
    const char *head = "* 1 FETCH (UID 5 BODY[] {5000000}\r\n";
    feed(reader, head, strlen(head));
    g_assert_null(imap_reader_next(reader, NULL));
    for (gsize left = 5000000; left > 0;) {
        gsize size = 0;
        guint8 *room = imap_reader_room(reader, &size);
        gsize take = MIN(MIN(size, left), 100000);
        for (gsize at = 0; at < take; at++)
            room[at] = (guint8)((5000000 - left + at) % 251);
        imap_reader_advance(reader, take);
        left -= take;
        g_assert_null(imap_reader_next(reader, NULL));
    }
    feed(reader, ")\r\n", 3);
    g_autoptr(ImapResponse) response = imap_reader_next(reader, NULL);
    gsize length = 0;
    const GPtrArray *items = imap_values_at(response->values, 2)->values;
    const guint8 *bytes = g_bytes_get_data(imap_values_at(items, 3)->bytes, &length);
    g_assert_cmpuint(length, ==, 5000000);
    for (gsize at = 0; at < length; at++)
        g_assert_cmpuint(bytes[at], ==, at % 251);
}

static void test_garbage_is_refused(void) {
    static const char *const wrong[] = {
        "* 1 FETCH (UID 1\r\n",
        "* 1 FETCH UID 1)\r\n",
        "* 1 FETCH (BODY[] {-1}\r\n",
        "* 1 FETCH (BODY[] {99999999999999999999}\r\n",
        "* 1 FETCH (BODY[] {}\r\n",
        "* 1 FETCH (BODY[] { 3}\r\n",
        "* 1 FETCH (BODY[] {0x3}\r\n",
        "* 1 FETCH (BODY[ 3)\r\n",
        "* 1 FETCH (\"open)\r\n",
        "* OK bare newline\n",
        "\r\n",
        "\n",
        "* 1 FETCH (X {3} Y)\r\n",
        "* X ((((((((((((((((((((()))))))))))))))))))))\r\n",
    };
    for (gsize at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(read_one(wrong[at], NULL, &error));
        g_assert_nonnull(error);
        g_assert_cmpstr(error_code(error), ==, "imap_garbage");
    }
}

static void test_lines_and_literals_have_limits(void) {
    static const ImapLimits limits = {.line = 30, .literal = 10, .literals = 2};
    g_autoptr(GError) line = NULL;
    g_assert_null(read_one("* OK aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &limits, &line));
    g_assert_cmpstr(error_code(line), ==, "imap_garbage");
    g_autoptr(GError) literals = NULL;
    g_assert_null(read_one("* {0}\r\n {0}\r\n {0}\r\n\r\n", &limits, &literals));
    g_assert_cmpstr(error_code(literals), ==, "imap_garbage");
}

static void test_a_literal_too_large_says_whose_it_is(void) {
    static const ImapLimits limits = {.line = 100, .literal = 10, .literals = 2};
    g_autoptr(ImapReader) reader = imap_reader_new(&limits);
    g_autoptr(GError) error = NULL;
    const char *bytes = "* 1 FETCH (UID 101 BODY[] {4294967296}\r\n";
    feed(reader, bytes, strlen(bytes));
    g_assert_null(imap_reader_next(reader, &error));
    g_assert_cmpint((int)error_kind(error), ==, ERROR_TOO_LARGE);
    gint64 declared = 0;
    g_autoptr(ImapResponse) head = imap_reader_take_head(reader, &declared);
    g_assert_cmpint(declared, ==, 4294967296);
    g_autofree char *uid = text_at(imap_values_at(head->values, 2)->values, 1);
    g_assert_cmpstr(uid, ==, "101");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/imap_response/a-fetch-gives-its-items", test_a_fetch_gives_its_items);
    g_test_add_func("/imap_response/a-status-keeps-its-words-and-takes-no-literal",
                    test_a_status_keeps_its_words_and_takes_no_literal);
    g_test_add_func("/imap_response/mail-text-is-never-taken-for-an-answer",
                    test_mail_text_is_never_taken_for_an_answer);
    g_test_add_func("/imap_response/bytes-may-come-one-by-one", test_bytes_may_come_one_by_one);
    g_test_add_func("/imap_response/large-literals-are-received-whole",
                    test_large_literals_are_received_whole);
    g_test_add_func("/imap_response/garbage-is-refused", test_garbage_is_refused);
    g_test_add_func("/imap_response/lines-and-literals-have-limits",
                    test_lines_and_literals_have_limits);
    g_test_add_func("/imap_response/a-literal-too-large-says-whose-it-is",
                    test_a_literal_too_large_says_whose_it_is);
    return g_test_run();
}
