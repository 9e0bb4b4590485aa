// Folding and matching (model/fold.h; reliability.md I06).
#include "model/fold.h"

#include <string.h>

#define HOSTILE_BYTES ((gsize)1 << 20)
#define PATTERN_BYTES 10000
#define BUDGET_US 10000

static gboolean word(const char *pattern, const char *text) {
    FoldPattern *compiled = fold_pattern_new(pattern);
    g_autofree char *folded = fold_text(text);
    gboolean found = fold_pattern_is_word_within(compiled, folded);
    fold_pattern_free(compiled);
    return found;
}

static void test_case_and_forms_are_one(void) {
    g_autofree char *one = fold_text("ÄITI Straße ﬁne Ⅷ");
    g_autofree char *other = fold_text("a\xcc\x88iti STRASSE fine viii");
    g_assert_cmpstr(one, ==, other);
    g_autofree char *broken = fold_text("ok\xff\xfe no");
    g_assert_cmpstr(broken, ==, "ok");
}

static void test_words_stand_alone(void) {
    g_assert_true(word("refund", "I want a REFUND!"));
    g_assert_true(word("a refund", "I want a refund."));
    g_assert_false(word("refund", "refunded"));
    g_assert_false(word("äiti", "isäiti"));
    g_assert_true(word("äiti", "refunded, äiti"));
    g_assert_true(word("aa", "aaa aa"));
    g_assert_false(word("aa", "aaa aaaa"));
}

static void test_words_are_counted_once(void) {
    g_auto(GStrv) words = fold_words("Hello, hello WORLD-wide  x", 3);
    g_assert_cmpuint(g_strv_length(words), ==, 3);
    g_assert_cmpstr(words[0], ==, "hello");
    g_assert_cmpstr(words[1], ==, "world");
    g_assert_cmpstr(words[2], ==, "wide");
}

// The time of folding a text and asking all operators of it. The least of some tries: what others
// do on the machine is not ours.
static gint64 time_of(const char *text, const FoldPattern *pattern) {
    gint64 least = G_MAXINT64;
    for (int try = 0; try < 5; try++) {
        gint64 start = g_get_monotonic_time();
        g_autofree char *folded = fold_text(text);
        g_assert_false(fold_pattern_is_within(pattern, folded));
        g_assert_false(fold_pattern_is_word_within(pattern, folded));
        fold_pattern_starts(pattern, folded);
        fold_pattern_ends(pattern, folded);
        least = MIN(least, g_get_monotonic_time() - start);
    }
    return least;
}

static char *repeat(const char *unit, gsize bytes) {
    GString *text = g_string_sized_new(bytes + 8);
    while (text->len + strlen(unit) <= bytes)
        g_string_append(text, unit);
    return g_string_free(text, FALSE);
}

static void test_hostile_texts_cost_no_time(void) {
    static const char *const units[] = {"a", "ab", "ä", "\xef\xb7\xba", "a\xcc\x80", "aaaaaaab"};
    for (gsize at = 0; at < G_N_ELEMENTS(units); at++) {
        g_autofree char *text = repeat(units[at], HOSTILE_BYTES);
        g_autofree char *most = repeat(units[at], PATTERN_BYTES - 1);
        g_autofree char *wanted = g_strconcat(most, "!", NULL);
        FoldPattern *pattern = fold_pattern_new(wanted);
        gint64 us = time_of(text, pattern);
        g_test_message("unit %zu: %" G_GINT64_FORMAT " us", at, us);
        g_assert_cmpint(us, <, BUDGET_US);
        fold_pattern_free(pattern);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fold/case-and-forms-are-one", test_case_and_forms_are_one);
    g_test_add_func("/fold/words-stand-alone", test_words_stand_alone);
    g_test_add_func("/fold/words-are-counted-once", test_words_are_counted_once);
    g_test_add_func("/fold/I06-hostile-texts-cost-no-time", test_hostile_texts_cost_no_time);
    return g_test_run();
}
