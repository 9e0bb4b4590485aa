#include "model/phone_number.h"

#include <string.h>

#define DIGITS_MIN 7 // country code and the shortest numbers that people have
#define DIGITS_MAX 15

static gboolean is_filler(gunichar character) {
    static const gunichar others[] = {'-', '.', '/', '(', ')', 0x2010, 0x2011, 0x2012, 0x2013};
    for (gsize at = 0; at < G_N_ELEMENTS(others); at++)
        if (character == others[at])
            return TRUE;
    return g_unichar_isspace(character);
}

// Digits alone, with a leading + kept; NULL for anything else.
static char *digits_of(const char *text) {
    g_autoptr(GString) digits = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        gboolean is_plus = character == '+' && digits->len == 0;
        if (g_ascii_isdigit(*at) || is_plus)
            g_string_append_c(digits, *at);
        else if (!is_filler(character))
            return NULL;
        if (digits->len > 2 * DIGITS_MAX)
            return NULL;
    }
    return g_strdup(digits->str);
}

static const char *without_prefix(const char *digits, const char *prefix) {
    gsize length = prefix != NULL ? strlen(prefix) : 0;
    return length > 0 && strncmp(digits, prefix, length) == 0 ? digits + length : digits;
}

static char *international(const char *digits) {
    gsize length = strlen(digits);
    gboolean is_number = length >= DIGITS_MIN && length <= DIGITS_MAX && digits[0] != '0';
    return is_number ? g_strconcat("+", digits, NULL) : NULL;
}

// "+358 (0)40 ...": the bracketed trunk prefix is for callers within the country.
static char *without_bracketed_zero(const char *text) {
    const char *bracket = strstr(text, "(0)");
    if (bracket == NULL)
        return g_strdup(text);
    g_autofree char *front = g_strndup(text, (gsize)(bracket - text));
    return g_strconcat(front, bracket + 3, NULL);
}

char *phone_number_normalize(const char *text, const char *country_code, const char *trunk_prefix) {
    if (!g_utf8_validate(text, -1, NULL))
        return NULL;
    const char *start = text + strspn(text, " \t");
    gboolean is_international = *start == '+' || g_str_has_prefix(start, "00");
    g_autofree char *plain = is_international ? without_bracketed_zero(start) : g_strdup(start);
    g_autofree char *digits = digits_of(plain);
    if (digits == NULL)
        return NULL;
    if (is_international)
        return international(digits + (*digits == '+' ? 1 : 2));
    if (country_code == NULL || *country_code == '\0' || *digits == '\0')
        return NULL;
    g_autofree char *whole = g_strconcat(country_code, without_prefix(digits, trunk_prefix), NULL);
    return international(whole);
}
