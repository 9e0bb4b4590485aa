#include "channels/text_split.h"

#include <string.h>

#define ZERO_WIDTH_JOINER 0x200d

typedef gsize (*UnitOf)(gunichar c);

static gsize unit_bytes(gunichar c) {
    return (gsize)g_unichar_to_utf8(c, NULL);
}

static gsize unit_utf16(gunichar c) {
    return c > 0xffff ? 2 : 1;
}

static gsize unit_code_point(gunichar c) {
    (void)c;
    return 1;
}

static const UnitOf units[] = {
    [TEXT_BYTES] = unit_bytes,
    [TEXT_UTF16] = unit_utf16,
    [TEXT_CODE_POINTS] = unit_code_point,
};

static gsize span_length(const char *start, const char *end, TextUnit unit) {
    gsize length = 0;
    for (const char *at = start; at < end; at = g_utf8_next_char(at))
        length += units[unit](g_utf8_get_char(at));
    return length;
}

gsize text_length(const char *text, TextUnit unit) {
    return span_length(text, text + strlen(text), unit);
}

static gboolean is_extending(gunichar c) {
    return g_unichar_ismark(c) || c == ZERO_WIDTH_JOINER || c == 0x200c ||
           (c >= 0x1f3fb && c <= 0x1f3ff) || (c >= 0xe0020 && c <= 0xe007f);
}

static gboolean is_flag_letter(gunichar c) {
    return c >= 0x1f1e6 && c <= 0x1f1ff;
}

static gboolean is_pictograph(gunichar c) {
    return (c >= 0x1f000 && c <= 0x1faff) || (c >= 0x2190 && c <= 0x2bff) || c == 0xa9 || c == 0xae;
}

// Hangul: which kind of letter or syllable may follow which (UAX #29 GB6 to GB8).
static gboolean is_hangul_joint(gunichar before, gunichar after) {
    GUnicodeBreakType left = g_unichar_break_type(before);
    GUnicodeBreakType right = g_unichar_break_type(after);
    gboolean right_vowel = right == G_UNICODE_BREAK_HANGUL_V_JAMO;
    gboolean right_tail = right == G_UNICODE_BREAK_HANGUL_T_JAMO;
    if (left == G_UNICODE_BREAK_HANGUL_L_JAMO)
        return right == G_UNICODE_BREAK_HANGUL_L_JAMO || right_vowel ||
               right == G_UNICODE_BREAK_HANGUL_LV_SYLLABLE ||
               right == G_UNICODE_BREAK_HANGUL_LVT_SYLLABLE;
    if (left == G_UNICODE_BREAK_HANGUL_LV_SYLLABLE || left == G_UNICODE_BREAK_HANGUL_V_JAMO)
        return right_vowel || right_tail;
    return (left == G_UNICODE_BREAK_HANGUL_LVT_SYLLABLE || left == G_UNICODE_BREAK_HANGUL_T_JAMO) &&
           right_tail;
}

static gboolean is_joined(gunichar before, gunichar after, guint flags_before) {
    if (before == '\r')
        return after == '\n';
    if (before == '\n' || after == '\r' || after == '\n')
        return FALSE;
    if (is_extending(after))
        return TRUE;
    if (before == ZERO_WIDTH_JOINER)
        return is_pictograph(after);
    if (is_flag_letter(after))
        return flags_before % 2 == 1;
    return is_hangul_joint(before, after);
}

const char *text_grapheme_end(const char *text) {
    gunichar before = g_utf8_get_char(text);
    guint flags = is_flag_letter(before) ? 1 : 0;
    const char *at = g_utf8_next_char(text);
    for (; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar after = g_utf8_get_char(at);
        if (!is_joined(before, after, flags))
            break;
        flags = is_flag_letter(after) ? flags + 1 : 0;
        before = after;
    }
    return at;
}

// The longest run from text of whole graphemes within limit; of whole code points when the first
// grapheme alone is longer.
static const char *run_end(const char *text, TextUnit unit, gsize limit) {
    gsize length = 0;
    const char *end = text;
    while (*end != '\0') {
        const char *next = text_grapheme_end(end);
        length += span_length(end, next, unit);
        if (length > limit)
            break;
        end = next;
    }
    if (end > text)
        return end;
    length = 0;
    for (; *end != '\0'; end = g_utf8_next_char(end)) {
        length += units[unit](g_utf8_get_char(end));
        if (length > limit)
            break;
    }
    return end;
}

typedef enum { JOINT_NONE, JOINT_WORD, JOINT_LINE, JOINT_PARAGRAPH } Joint;

static Joint joint_at(const char *text, const char *at) {
    if (!g_unichar_isspace(g_utf8_get_char(at)))
        return JOINT_NONE;
    if (*at != '\n')
        return JOINT_WORD;
    return at > text && at[-1] == '\n' ? JOINT_PARAGRAPH : JOINT_LINE;
}

// Where to cut within [text, end]: the last best joint of the latter half, else the last word of
// all, else end. end is no end of the text, so *end can be looked at.
static const char *best_cut(const char *text, const char *end) {
    const char *best = end;
    Joint best_joint = JOINT_NONE;
    const char *half = text + (end - text) / 2;
    for (const char *at = end; at > text; at = g_utf8_prev_char(at)) {
        Joint joint = joint_at(text, at);
        if (joint > best_joint) {
            best = at;
            best_joint = joint;
        }
        if (at < half && best_joint > JOINT_NONE)
            break;
    }
    return best;
}

static const char *skip_space(const char *text) {
    while (*text != '\0' && g_unichar_isspace(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    return text;
}

static const char *trim_end(const char *text, const char *end) {
    while (end > text) {
        const char *last = g_utf8_prev_char(end);
        if (!g_unichar_isspace(g_utf8_get_char(last)))
            break;
        end = last;
    }
    return end;
}

GPtrArray *text_split(const char *text, TextUnit unit, gsize limit) {
    g_assert(limit == 0 || limit >= 4);
    GPtrArray *pieces = g_ptr_array_new_with_free_func(g_free);
    while (*skip_space(text) != '\0') {
        const char *end = limit > 0 ? run_end(text, unit, limit) : text + strlen(text);
        if (*end != '\0')
            end = best_cut(text, end);
        const char *last = *end != '\0' ? trim_end(text, end) : end;
        if (last > text)
            g_ptr_array_add(pieces, g_strndup(text, (gsize)(last - text)));
        text = *end != '\0' ? skip_space(end) : end;
    }
    return pieces;
}
