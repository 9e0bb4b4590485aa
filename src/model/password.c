#include "model/password.h"

#include <string.h>

#include "base/error.h"

// Common replacements undone.
static char fold_letter(char letter) {
    static const char from[] = "0134578@$!|+";
    static const char to[] = "oieastbasilt";
    const char *at = letter != '\0' ? strchr(from, letter) : NULL;
    return at != NULL ? to[at - from] : g_ascii_tolower(letter);
}

// Without accents, so that Finnish and Swedish words stand in the table once.
static char *plain_of(const char *text) {
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return g_str_to_ascii(valid, "C");
}

// Digits, blanks and signs before and behind are what people add to a word.
static char *core_of(const char *plain, gboolean is_folded) {
    const char *begin = plain;
    while (*begin != '\0' && !g_ascii_isalpha(*begin))
        begin++;
    gsize length = strlen(begin);
    while (length > 0 && !g_ascii_isalpha(begin[length - 1]))
        length--;
    char *core = g_strndup(begin, length);
    for (char *at = core; *at != '\0'; at++)
        *at = is_folded ? fold_letter(*at) : g_ascii_tolower(*at);
    return core;
}

static gboolean is_listed(const char *word) {
    g_autofree char *between = g_strconcat(" ", word, " ", NULL);
    return word[0] != '\0' && strstr(password_words, between) != NULL;
}

// "dialogdialog", "123123123": a piece of at most half of it, again and again.
static gboolean is_repeated(const char *password) {
    gsize length = strlen(password);
    for (gsize piece = 1; piece <= length / 2; piece++)
        if (length % piece == 0 && piece <= 4 &&
            memcmp(password, password + piece, length - piece) == 0)
            return TRUE;
    return FALSE;
}

// "12345678", "hgfedcba": each one beside the one before.
static gboolean is_run(const char *plain) {
    int step = plain[0] != '\0' ? plain[1] - plain[0] : 0;
    if (step != -1 && step != 1)
        return FALSE;
    for (const char *at = plain; at[0] != '\0' && at[1] != '\0'; at++)
        if (at[1] - at[0] != step && !(at[0] == '9' && at[1] == '0'))
            return FALSE;
    return TRUE;
}

static gboolean is_listed_in_halves(const char *core) {
    gsize length = strlen(core);
    for (gsize cut = 3; cut + 3 <= length; cut++) {
        g_autofree char *first = g_strndup(core, cut);
        if (is_listed(first) && is_listed(core + cut))
            return TRUE;
    }
    return FALSE;
}

static gboolean is_short_number(const char *plain) {
    gsize digits = strspn(plain, "0123456789");
    return plain[digits] == '\0' && digits <= 10;
}

static gboolean is_common(const char *password, const char *plain) {
    g_autofree char *core = core_of(plain, FALSE);
    g_autofree char *folded = core_of(plain, TRUE);
    return is_repeated(password) || is_run(plain) || is_short_number(plain) || is_listed(core) ||
           is_listed(folded) || is_listed_in_halves(core) || is_listed_in_halves(folded);
}

// The agent's own name or address, with something around it.
static gboolean is_made_of(const char *plain, const char *own) {
    g_autofree char *core = core_of(plain, FALSE);
    g_autofree char *other = own != NULL ? plain_of(own) : NULL;
    if (other == NULL || core[0] == '\0')
        return FALSE;
    g_autofree char *lower = g_ascii_strdown(other, -1);
    const char *at = strchr(lower, '@');
    g_autofree char *local = g_strndup(lower, at != NULL ? (gsize)(at - lower) : strlen(lower));
    g_autofree char *squeezed = g_strdup(lower);
    char *end = squeezed;
    for (const char *from = lower; *from != '\0'; from++)
        if (g_ascii_isalnum(*from))
            *end++ = *from;
    *end = '\0';
    g_autofree char *whole = g_ascii_strdown(plain, -1);
    return strcmp(core, local) == 0 || strcmp(core, lower) == 0 || strcmp(core, squeezed) == 0 ||
           strcmp(whole, lower) == 0;
}

gboolean password_check(const char *password, const char *email, const char *name, GError **error) {
    glong length = g_utf8_validate(password, -1, NULL) ? g_utf8_strlen(password, -1) : 0;
    g_autofree char *plain = plain_of(password);
    if (length < PASSWORD_LOW) {
        error_set(error, ERROR_INVALID, "password_too_short",
                  "a password has at least %d characters: a sentence is easy to remember",
                  PASSWORD_LOW);
        return FALSE;
    }
    if (length > PASSWORD_HIGH) {
        error_set(error, ERROR_INVALID, "password_too_long", "a password has at most %d characters",
                  PASSWORD_HIGH);
        return FALSE;
    }
    if (!is_common(password, plain) && !is_made_of(plain, email) && !is_made_of(plain, name))
        return TRUE;
    error_set(error, ERROR_INVALID, "password_common",
              "this password is among the first that anybody tries: take another one");
    return FALSE;
}
