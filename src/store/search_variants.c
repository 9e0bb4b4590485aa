#include "store/search_variants.h"

#include <string.h>

#include "store/search_lemma.h"

static const char *const a_letters[] = {"a", "\xc3\xa4", "\xc3\xa5"};
static const char *const o_letters[] = {"o", "\xc3\xb6"};

// How many spellings a letter has.
static guint choices(char letter) {
    return letter == 'a' ? G_N_ELEMENTS(a_letters) : letter == 'o' ? G_N_ELEMENTS(o_letters) : 1;
}

static guint spellings(const char *word) {
    guint count = 1;
    for (; *word != '\0' && count <= VARIANTS_MAX; word++)
        count *= choices(*word);
    return count;
}

static void letter_append(GString *out, char letter, guint choice) {
    if (letter == 'a')
        g_string_append(out, a_letters[choice]);
    else if (letter == 'o')
        g_string_append(out, o_letters[choice]);
    else
        g_string_append_c(out, letter);
}

static void variant_take(GPtrArray *forms, GString *variant) {
    g_autofree char *text = g_string_free(variant, FALSE);
    if (g_ptr_array_find_with_equal_func(forms, text, g_str_equal, NULL))
        return;
    lemma_append(text, LANGUAGE_FINNISH, forms);
    g_ptr_array_add(forms, g_steal_pointer(&text));
}

// number tells the choice of each letter, as the digits of a number would.
static void numbered_take(const char *word, guint number, GPtrArray *forms) {
    GString *variant = g_string_new(NULL);
    for (const char *at = word; *at != '\0'; at++) {
        guint many = choices(*at);
        letter_append(variant, *at, number % many);
        number /= many;
    }
    variant_take(forms, variant);
}

// All with dots, as the vowels of a Finnish word go together.
static void dotted_take(const char *word, GPtrArray *forms) {
    GString *variant = g_string_new(NULL);
    for (const char *at = word; *at != '\0'; at++)
        letter_append(variant, *at, choices(*at) > 1);
    variant_take(forms, variant);
}

static void single_take(const char *word, guint place, guint choice, GPtrArray *forms) {
    GString *variant = g_string_new(NULL);
    for (guint i = 0; word[i] != '\0'; i++)
        letter_append(variant, word[i], i == place ? choice : 0);
    variant_take(forms, variant);
}

static void singles_take(const char *word, GPtrArray *forms) {
    guint taken = 0;
    for (guint place = 0; word[place] != '\0'; place++)
        for (guint choice = 1; choice < choices(word[place]) && taken < VARIANTS_MAX; choice++) {
            single_take(word, place, choice, forms);
            taken++;
        }
}

void search_variants_append(const char *word, GPtrArray *forms) {
    if (!g_str_is_ascii(word))
        return;
    guint count = spellings(word);
    if (count > VARIANTS_MAX) {
        dotted_take(word, forms);
        singles_take(word, forms);
        return;
    }
    for (guint number = 1; number < count; number++)
        numbered_take(word, number, forms);
}
