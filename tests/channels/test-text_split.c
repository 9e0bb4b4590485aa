#include "channels/text_split.h"

#include <string.h>

static void check_pieces(const char *text, TextUnit unit, gsize limit, const char *expected) {
    g_autoptr(GPtrArray) pieces = text_split(text, unit, limit);
    g_ptr_array_add(pieces, NULL);
    g_autofree char *joined = g_strjoinv("|", (char **)pieces->pdata);
    g_assert_cmpstr(joined, ==, expected);
}

static void test_texts_are_cut_at_the_best_place(void) {
    check_pieces("", TEXT_UTF16, 10, "");
    check_pieces("  \n ", TEXT_UTF16, 10, "");
    check_pieces("hei", TEXT_UTF16, 0, "hei");
    check_pieces("yksi kaksi kolme", TEXT_UTF16, 10, "yksi kaksi|kolme");
    check_pieces("yksi kaksi kolme", TEXT_UTF16, 9, "yksi|kaksi|kolme");
    check_pieces("eka kappale\n\ntoka rivi\nkolmas", TEXT_UTF16, 24,
                 "eka kappale|toka rivi\nkolmas");
    check_pieces("eka rivi\ntoka rivi pitkä", TEXT_UTF16, 14, "eka rivi|toka rivi|pitkä");
    check_pieces("abcdefghij", TEXT_UTF16, 4, "abcd|efgh|ij");
    check_pieces("ääää", TEXT_BYTES, 4, "ää|ää");
    check_pieces("👍👍👍", TEXT_UTF16, 4, "👍👍|👍");
    check_pieces("👍👍👍", TEXT_CODE_POINTS, 4, "👍👍👍");
}

static void test_what_a_reader_sees_as_one_character_stays_whole(void) {
    check_pieces("aaa👨‍👩‍👧", TEXT_UTF16, 8, "aaa|👨‍👩‍👧");
    check_pieces("aaa🇫🇮🇸🇪", TEXT_UTF16, 8, "aaa🇫🇮|🇸🇪");
    check_pieces("aae\u0301", TEXT_BYTES, 4, "aa|e\u0301");
    check_pieces("aaa👍🏽", TEXT_CODE_POINTS, 4, "aaa|👍🏽");
    check_pieces("\u1100\u1161\u1100\u1161\u11a8", TEXT_CODE_POINTS, 4,
                 "\u1100\u1161|\u1100\u1161\u11a8");
    g_assert_cmpstr(text_grapheme_end("\r\nx"), ==, "x");
    g_assert_cmpstr(text_grapheme_end("😀😀"), ==, "😀");
}

static char *without_space(const char *text) {
    GString *rest = g_string_new(NULL);
    for (; *text != '\0'; text = g_utf8_next_char(text))
        if (!g_unichar_isspace(g_utf8_get_char(text)))
            g_string_append_unichar(rest, g_utf8_get_char(text));
    return g_string_free(rest, FALSE);
}

static char *random_text(void) {
    static const char *const bits[] = {"a",
                                       "ä",
                                       "漢",
                                       "👍",
                                       "🇫🇮",
                                       "́",
                                       "‍",
                                       " ",
                                       "\n",
                                       "\n\n",
                                       "sana ",
                                       "e̊",
                                       "👨‍👩‍👧",
                                       "\r\n",
                                       "x"};
    GString *text = g_string_new(NULL);
    gint count = g_test_rand_int_range(0, 120);
    for (gint at = 0; at < count; at++)
        g_string_append(text, bits[g_test_rand_int_range(0, G_N_ELEMENTS(bits))]);
    return g_string_free(text, FALSE);
}

static void test_nothing_but_white_space_is_lost_and_no_piece_is_too_long(void) {
    for (guint round = 0; round < 3000; round++) {
        g_autofree char *text = random_text();
        TextUnit unit = (TextUnit)g_test_rand_int_range(0, 3);
        gsize limit = (gsize)g_test_rand_int_range(4, 60);
        g_autoptr(GPtrArray) pieces = text_split(text, unit, limit);
        g_autoptr(GString) joined = g_string_new(NULL);
        for (guint at = 0; at < pieces->len; at++) {
            gsize length = text_length(pieces->pdata[at], unit);
            g_assert_cmpuint(length, >, 0);
            g_assert_cmpuint(length, <=, limit);
            g_assert_true(g_utf8_validate(pieces->pdata[at], -1, NULL));
            g_string_append(joined, pieces->pdata[at]);
        }
        g_autofree char *given = without_space(text);
        g_autofree char *kept = without_space(joined->str);
        g_assert_cmpstr(given, ==, kept);
    }
}

static void test_a_character_longer_than_the_limit_is_cut_all_the_same(void) {
    g_autoptr(GString) text = g_string_new("a");
    for (guint at = 0; at < 50000; at++)
        g_string_append(text, "\xcc\x81");
    g_autoptr(GPtrArray) pieces = text_split(text->str, TEXT_UTF16, 4096);
    g_assert_cmpuint(pieces->len, ==, 13);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text-split/texts-are-cut-at-the-best-place",
                    test_texts_are_cut_at_the_best_place);
    g_test_add_func("/text-split/what-a-reader-sees-as-one-character-stays-whole",
                    test_what_a_reader_sees_as_one_character_stays_whole);
    g_test_add_func("/text-split/nothing-but-white-space-is-lost-and-no-piece-is-too-long",
                    test_nothing_but_white_space_is_lost_and_no_piece_is_too_long);
    g_test_add_func("/text-split/a-character-longer-than-the-limit-is-cut-all-the-same",
                    test_a_character_longer_than_the_limit_is_cut_all_the_same);
    return g_test_run();
}
