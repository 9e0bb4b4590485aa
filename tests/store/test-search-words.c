#include <string.h>

#include "store/search_language.h"
#include "store/search_lemma.h"
#include "store/search_voikko.h"
#include "store/search_words.h"

static gboolean word_join(const char *word, WordKind kind, gpointer data) {
    GString *joined = data;
    if (joined->len > 0)
        g_string_append_c(joined, '|');
    g_string_append(joined, word);
    if (kind == WORD_SINGLE)
        g_string_append_c(joined, '.');
    return TRUE;
}

static char *words_of(const char *text) {
    GString *joined = g_string_new(NULL);
    search_words_split(text, word_join, joined);
    return g_string_free(joined, FALSE);
}

static void text_is_split_and_folded(void) {
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        {"", ""},
        {"Hello, World!", "hello|world"},
        {"order-12_3", "order|12|3"},
        {"anna@example.org", "anna|example|org"},
        {"P\xc3\x84IV\xc3\x84\xc3\x84 \xc3\x85ke", "p\xc3\xa4iv\xc3\xa4\xc3\xa4|\xc3\xa5ke"},
        {"pa\xcc\x88iva", "p\xc3\xa4iva"},            // a and a combining diaeresis
        {"caf\xc3\xa9 M\xc3\xbcller", "cafe|muller"}, // other marks are dropped
        {"Stra\xc3\x9f"
         "e",
         "strasse"},
        {"\xef\xbc\xa1\xef\xbc\xa2\xef\xbc\xa3", "abc"},    // full width
        {"\xef\xac\x81sh", "fish"},                         // ligature
        {"tila\xc2\xadus ti\xe2\x80\x8bla", "tilaus|tila"}, // soft hyphen, zero width space
        {"\xe6\x9d\xb1\xe4\xba\xac\xe9\x83\xbd",
         "\xe6\x9d\xb1\xe4\xba\xac|\xe4\xba\xac\xe9\x83\xbd|\xe9\x83\xbd."},
        {"iPhone\xe3\x81\xa7", "iphone|\xe3\x81\xa7."},
        {"\xed\x95\x9c\xea\xb5\xad", "\xed\x95\x9c\xea\xb5\xad|\xea\xb5\xad."},
        {"a\xff"
         "b \xc3",
         "a|b"}, // invalid bytes separate
        {"\xce\xa3\xce\x91\xce\xa3", "\xcf\x83\xce\xb1\xcf\x83"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *words = words_of(cases[i].text);
        g_assert_cmpstr(words, ==, cases[i].words);
    }
}

static void endless_words_are_cut(void) {
    g_autofree char *endless = g_strnfill(100000, 'x');
    g_autofree char *words = words_of(endless);
    g_auto(GStrv) list = g_strsplit(words, "|", -1);
    for (char **word = list; *word != NULL; word++)
        g_assert_cmpuint(strlen(*word), <=, WORD_BYTES_MAX);
    g_autofree char *umlauts = g_strdup("\xc3\xa4");
    for (int i = 0; i < 8; i++) {
        char *twice = g_strconcat(umlauts, umlauts, NULL);
        g_free(umlauts);
        umlauts = twice;
    }
    g_autofree char *cut = words_of(umlauts);
    g_assert_true(g_utf8_validate(cut, -1, NULL));
}

static void language_is_told_by_common_words(void) {
    g_assert_cmpint(language_guess("Hei, tilaus ei ole tullut ja se oli luvattu"), ==,
                    LANGUAGE_FINNISH);
    g_assert_cmpint(language_guess("Hej, jag har inte fått det som ni lovade"), ==,
                    LANGUAGE_SWEDISH);
    g_assert_cmpint(language_guess("Where is the order that you promised to send?"), ==,
                    LANGUAGE_ENGLISH);
    g_assert_cmpint(language_guess("12345"), ==, LANGUAGE_UNKNOWN);
    g_autofree char *polish =
        g_strdup("zam\xc3\xb3wienie dotar\xc5\x82o uszkodzone prosz\xc4\x99 ");
    for (int i = 0; i < 3; i++) {
        char *twice = g_strconcat(polish, polish, NULL);
        g_free(polish);
        polish = twice;
    }
    g_assert_cmpint(language_guess(polish), ==, LANGUAGE_OTHER);
}

static char *lemmas_of(const char *word, Language language) {
    g_autoptr(GPtrArray) lemmas = g_ptr_array_new_with_free_func(g_free);
    lemma_append(word, language, lemmas);
    g_ptr_array_add(lemmas, NULL);
    return g_strjoinv("|", (char **)lemmas->pdata);
}

static void lemma_is(const char *word, Language language, const char *expected) {
    for (int i = 0; i < 2; i++) { // asked, then remembered
        g_autofree char *lemmas = lemmas_of(word, language);
        g_assert_cmpstr(lemmas, ==, expected);
    }
}

static void snowball_gives_stems(void) {
    lemma_is("orders", LANGUAGE_ENGLISH, "order");
    lemma_is("order", LANGUAGE_ENGLISH, "");
    lemma_is("beställningar", LANGUAGE_SWEDISH, "beställning");
}

static void voikko_gives_base_forms_and_parts(void) {
    if (!voikko_is_there()) {
        g_test_skip("libvoikko1 and voikko-fi are not installed");
        return;
    }
    g_assert_cmpstr(lemma_engine(), ==, "voikko");
    lemma_is("tilauksen", LANGUAGE_FINNISH, "tilaus");
    lemma_is("helsingissä", LANGUAGE_FINNISH, "helsinki");
    lemma_is("tilausvahvistuksen", LANGUAGE_FINNISH, "tilausvahvistus|tilaus|vahvistus");
    lemma_is("order", LANGUAGE_FINNISH, "");
}

static void memory_of_lemmas_is_bounded(void) {
    for (int i = 0; i < 60000; i++) {
        g_autofree char *word = g_strdup_printf("sana%d", i);
        g_autofree char *lemmas = lemmas_of(word, LANGUAGE_FINNISH);
    }
    g_autofree char *lemmas = lemmas_of("laskut", LANGUAGE_FINNISH);
    g_assert_cmpstr(lemmas, !=, "");
}

#define ADD(name) g_test_add_func("/search-words/" #name, name)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    ADD(text_is_split_and_folded);
    ADD(endless_words_are_cut);
    ADD(language_is_told_by_common_words);
    ADD(snowball_gives_stems);
    ADD(voikko_gives_base_forms_and_parts);
    ADD(memory_of_lemmas_is_bounded);
    return g_test_run();
}
