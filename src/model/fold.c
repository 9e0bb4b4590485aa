#include "model/fold.h"

#include <string.h>

#define WORD_BYTES_MAX 64
#define PIECE_BYTES 64

// How much of the text is looked at: valid, bounded, not ending within a character.
static gsize usable_length(const char *text, gboolean *is_ascii) {
    gsize length = strnlen(text, FOLD_BYTES_MAX);
    gsize at = 0;
    const char *end;
    while (at < length && (guchar)text[at] < 0x80)
        at++;
    *is_ascii = at == length;
    if (*is_ascii)
        return length;
    g_utf8_validate(text, (gssize)length, &end);
    return (gsize)(end - text);
}

// Where the piece that begins at ends: behind some bytes, not before a mark that belongs to what
// is before it, unless that would never end. GLib's time to compose is quadratic in what it is
// given.
static const char *piece_end(const char *at, const char *end) {
    const char *stop = at + MIN(PIECE_BYTES, end - at);
    const char *limit = at + MIN(2 * PIECE_BYTES, end - at);
    while (stop < limit && ((guchar)*stop & 0xc0) == 0x80)
        stop++;
    while (stop < limit && g_unichar_combining_class(g_utf8_get_char(stop)) != 0)
        stop = g_utf8_next_char(stop);
    return MIN(stop, end);
}

static void append_folded(GString *out, const char *start, const char *end) {
    g_autofree char *normal = g_utf8_normalize(start, end - start, G_NORMALIZE_ALL_COMPOSE);
    g_autofree char *folded = normal != NULL ? g_utf8_casefold(normal, -1) : NULL;
    if (folded != NULL)
        g_string_append(out, folded);
}

char *fold_text(const char *text) {
    gboolean is_ascii;
    if (text == NULL)
        return g_strdup("");
    gsize length = usable_length(text, &is_ascii);
    if (is_ascii)
        return g_ascii_strdown(text, (gssize)length);
    GString *out = g_string_sized_new(length + length / 8);
    const char *end = text + length;
    for (const char *at = text; at < end && out->len < 2 * FOLD_BYTES_MAX;) {
        const char *stop = piece_end(at, end);
        append_folded(out, at, stop);
        at = stop;
    }
    return g_string_free(out, FALSE);
}

static gboolean is_word_character(gunichar character) {
    return g_unichar_isalnum(character) || g_unichar_ismark(character);
}

// The end of the word or of the gap that begins at.
static const char *skip(const char *at, gboolean is_word) {
    while (*at != '\0' && is_word_character(g_utf8_get_char(at)) == is_word)
        at = g_utf8_next_char(at);
    return at;
}

static char *cut_word(const char *start, const char *end) {
    while (end - start > WORD_BYTES_MAX)
        end = g_utf8_prev_char(end);
    return g_strndup(start, (gsize)(end - start));
}

char **fold_words(const char *text, guint limit) {
    g_autofree char *folded = fold_text(text);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *words = g_ptr_array_new();
    const char *at = skip(folded, FALSE);
    while (*at != '\0' && words->len < limit) {
        const char *end = skip(at, TRUE);
        char *word = cut_word(at, end);
        if (g_hash_table_contains(seen, word)) {
            g_free(word);
        } else {
            g_hash_table_add(seen, word);
            g_ptr_array_add(words, word);
        }
        at = skip(end, FALSE);
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

struct FoldPattern {
    char *text;
    gsize length;
    guint32 *border; // [n]: the longest proper beginning of the first n+1 bytes that ends them too
};

static void find_borders(FoldPattern *pattern) {
    guint32 known = 0;
    for (gsize at = 1; at < pattern->length; at++) {
        while (known > 0 && pattern->text[at] != pattern->text[known])
            known = pattern->border[known - 1];
        if (pattern->text[at] == pattern->text[known])
            known++;
        pattern->border[at] = known;
    }
}

FoldPattern *fold_pattern_new(const char *text) {
    FoldPattern *pattern = g_new0(FoldPattern, 1);
    pattern->text = fold_text(text);
    pattern->length = strlen(pattern->text);
    pattern->border = g_new0(guint32, pattern->length + 1);
    find_borders(pattern);
    return pattern;
}

void fold_pattern_free(FoldPattern *pattern) {
    if (pattern == NULL)
        return;
    g_free(pattern->text);
    g_free(pattern->border);
    g_free(pattern);
}

gboolean fold_pattern_is(const FoldPattern *pattern, const char *text) {
    return strcmp(pattern->text, text) == 0;
}

gboolean fold_pattern_starts(const FoldPattern *pattern, const char *text) {
    return strncmp(pattern->text, text, pattern->length) == 0;
}

gboolean fold_pattern_ends(const FoldPattern *pattern, const char *text) {
    gsize length = strlen(text);
    return length >= pattern->length &&
           memcmp(text + length - pattern->length, pattern->text, pattern->length) == 0;
}

static gboolean stands_alone(const char *text, const char *start, const char *end) {
    const char *before = start > text ? g_utf8_prev_char(start) : NULL;
    return (before == NULL || !is_word_character(g_utf8_get_char(before))) &&
           (*end == '\0' || !is_word_character(g_utf8_get_char(end)));
}

// Knuth, Morris and Pratt: each byte of the text is looked at once.
static gboolean find(const FoldPattern *pattern, const char *text, gboolean is_word) {
    guint32 known = 0;
    if (pattern->length == 0)
        return TRUE;
    for (const char *at = text; *at != '\0'; at++) {
        while (known > 0 && *at != pattern->text[known])
            known = pattern->border[known - 1];
        if (*at == pattern->text[known])
            known++;
        if (known < pattern->length)
            continue;
        if (!is_word || stands_alone(text, at + 1 - pattern->length, at + 1))
            return TRUE;
        known = pattern->border[known - 1];
    }
    return FALSE;
}

gboolean fold_pattern_is_within(const FoldPattern *pattern, const char *text) {
    return find(pattern, text, FALSE);
}

gboolean fold_pattern_is_word_within(const FoldPattern *pattern, const char *text) {
    return find(pattern, text, TRUE);
}
