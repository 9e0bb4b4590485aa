#include "model/language_tag.h"

#include <string.h>

#define TAG_BYTES_MAX 35
#define SUBTAG_BYTES_MAX 8

static gboolean is_of(const char *subtag, gboolean (*fits)(char)) {
    gsize length = strlen(subtag);
    for (gsize at = 0; at < length; at++)
        if (!fits(subtag[at]))
            return FALSE;
    return length > 0 && length <= SUBTAG_BYTES_MAX;
}

static gboolean is_letter(char character) {
    return g_ascii_isalpha(character);
}

static gboolean is_letter_or_digit(char character) {
    return g_ascii_isalnum(character);
}

// RFC 5646 2.1.1: regions in upper case, scripts in title case, the rest in lower case.
static void subtag_case(char *subtag, guint index) {
    gsize length = strlen(subtag);
    for (gsize at = 0; at < length; at++)
        subtag[at] =
            index > 0 && length == 2 ? g_ascii_toupper(subtag[at]) : g_ascii_tolower(subtag[at]);
    if (index > 0 && length == 4 && g_ascii_isalpha(subtag[0]))
        subtag[0] = g_ascii_toupper(subtag[0]);
}

char *language_tag_normalize(const char *text) {
    if (strlen(text) > TAG_BYTES_MAX)
        return NULL;
    g_auto(GStrv) subtags = g_strsplit(text, "-", -1);
    for (guint index = 0; subtags[index] != NULL; index++) {
        if (!is_of(subtags[index], index == 0 ? is_letter : is_letter_or_digit))
            return NULL;
        subtag_case(subtags[index], index);
    }
    gboolean has_language = subtags[0] != NULL && strlen(subtags[0]) >= 2;
    return has_language ? g_strjoinv("-", subtags) : NULL;
}
