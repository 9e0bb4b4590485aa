// Texts for benchmarks: about as many bytes as asked for, of words as mails have them (a few very
// common, most rare), the same for the same seed. All inline; used by the programs of tests/bench.
#pragma once

#include <glib.h>

// A word of 2 to 11 letters; small numbers are the common ones.
static inline void bench_word(GString *text, guint number) {
    static const char *const syllables[] = {"ti", "la", "us", "ka", "ra", "ma", "vi", "so",
                                            "ne", "to", "pa", "lu", "ke", "si", "no", "ri"};
    do {
        g_string_append(text, syllables[number % 16]);
        number /= 16;
    } while (number > 0);
}

// Zipf, near enough: half of all words are among the first 200 of 65,536.
static inline char *bench_text(guint seed, gsize length) {
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    GString *text = g_string_new(NULL);
    while (text->len < length) {
        double where = g_rand_double(random);
        bench_word(text, (guint)(65536 * where * where * where * where * where * where));
        g_string_append_c(text, ' ');
    }
    g_string_truncate(text, length);
    return g_string_free(text, FALSE);
}
