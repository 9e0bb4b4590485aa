#include "model/reply_line.h"

#include <string.h>

GArray *reply_lines_split(const char *text) {
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(ReplyLine));
    while (*text) {
        gsize whole = strcspn(text, "\n");
        gsize length = whole;
        while (length > 0 && strchr(" \t\r", text[length - 1])) {
            length--;
        }
        g_array_append_val(lines, ((ReplyLine){text, length}));
        text += whole + (text[whole] == '\n');
    }
    return lines;
}

// Blanks as people see them: also the no-break space and zero-width fillers.
static gsize blank_length(const char *at, gsize left) {
    if (left > 0 && (*at == ' ' || *at == '\t' || *at == '\r')) {
        return 1;
    }
    if (left > 1 && memcmp(at, "\xc2\xa0", 2) == 0) {
        return 2;
    }
    static const char *const three[] = {"\xe2\x80\x8b", "\xe2\x80\xaf", "\xe2\x80\x8e",
                                        "\xe2\x80\x8f", "\xe2\x80\xaa", "\xe2\x80\xac",
                                        "\xef\xbb\xbf", "\xe3\x80\x80"};
    for (gsize which = 0; left > 2 && (guchar)*at >= 0xe2 && which < G_N_ELEMENTS(three); which++) {
        if (memcmp(at, three[which], 3) == 0) {
            return 3;
        }
    }
    return 0;
}

gboolean reply_line_is_blank(const ReplyLine *line) {
    gsize at = 0;
    while (at < line->length) {
        gsize blank = blank_length(line->start + at, line->length - at);
        if (blank == 0) {
            return FALSE;
        }
        at += blank;
    }
    return TRUE;
}

gboolean reply_line_is_quoted(const ReplyLine *line) {
    gsize at = 0;
    while (at < line->length && at < 3 && line->start[at] == ' ') {
        at++;
    }
    if (at >= line->length || line->start[at] != '>') {
        return FALSE;
    }
    gboolean mbox = line->length - at >= 6 && strncmp(line->start + at, ">From ", 6) == 0;
    return !mbox;
}

gboolean reply_line_is_rule(const ReplyLine *line, gsize minimum) {
    static const char *const dashes[] = {"\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95",
                                         "\xe2\x94\x80"};
    gsize marks = 0;
    for (gsize at = 0; at < line->length;) {
        gsize blank = blank_length(line->start + at, line->length - at);
        if (blank > 0) {
            at += blank;
            continue;
        }
        gboolean dash = FALSE;
        for (gsize which = 0; which < G_N_ELEMENTS(dashes) && line->length - at >= 3; which++) {
            dash |= memcmp(line->start + at, dashes[which], 3) == 0;
        }
        if (!dash && !strchr("-_=*", line->start[at])) {
            return FALSE;
        }
        at += dash ? 3 : 1;
        marks++;
    }
    return marks >= minimum;
}

char *reply_line_fold(const ReplyLine *line, gsize limit) {
    if (line->length > limit) {
        return NULL;
    }
    GString *plain = g_string_sized_new(line->length + 1);
    for (gsize at = 0; at < line->length;) {
        gsize blank = blank_length(line->start + at, line->length - at);
        if (blank == 0) {
            g_string_append_c(plain, line->start[at++]);
            continue;
        }
        if (plain->len > 0 && plain->str[plain->len - 1] != ' ') {
            g_string_append_c(plain, ' ');
        }
        at += blank;
    }
    char *folded = g_str_is_ascii(plain->str) ? g_ascii_strdown(plain->str, (gssize)plain->len)
                                              : g_utf8_strdown(plain->str, (gssize)plain->len);
    g_string_free(plain, TRUE);
    return g_strchomp(folded);
}

static gboolean is_letter_before(const char *text, const char *at) {
    const char *before = at > text ? g_utf8_find_prev_char(text, at) : NULL;
    return before && g_unichar_isalnum(g_utf8_get_char(before));
}

gboolean reply_text_has_word(const char *text, const char *word) {
    gsize size = strlen(word);
    GUnicodeScript script = g_unichar_get_script(g_utf8_get_char(word));
    gboolean joined = script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_HIRAGANA ||
                      script == G_UNICODE_SCRIPT_KATAKANA || script == G_UNICODE_SCRIPT_HANGUL ||
                      script == G_UNICODE_SCRIPT_THAI;
    for (const char *at = text; (at = strstr(at, word)); at++) {
        gboolean apart = !is_letter_before(text, at) &&
                         !(at[size] && g_unichar_isalnum(g_utf8_get_char(at + size)));
        if (joined || apart) {
            return TRUE;
        }
    }
    return FALSE;
}
