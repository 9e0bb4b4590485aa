#include "mime/header_text.h"

#include <string.h>

#include "mime/base64.h"
#include "mime/charset.h"

// =?charset?encoding?text?=
typedef struct {
    const char *charset;
    gsize charset_length;
    char encoding; // 'b' or 'q'
    const char *text;
    gsize text_length;
    const char *end;
} Word;

// The bytes of words that follow each other in one charset.
typedef struct {
    GString *result;
    GString *bytes;
    char *charset;
} Decoder;

static gboolean word_parse(const char *from, Word *word) {
    if (from[0] != '=' || from[1] != '?')
        return FALSE;
    word->charset = from + 2;
    word->charset_length = strcspn(word->charset, "? ");
    const char *mark = word->charset + word->charset_length;
    if (word->charset_length == 0 || word->charset_length > 75 || mark[0] != '?' ||
        mark[1] == '\0' || mark[2] != '?')
        return FALSE;
    word->encoding = g_ascii_tolower(mark[1]);
    if (word->encoding != 'b' && word->encoding != 'q')
        return FALSE;
    word->text = mark + 3;
    const char *end = strstr(word->text, "?=");
    if (end == NULL)
        return FALSE;
    word->text_length = (gsize)(end - word->text);
    word->end = end + 2;
    return TRUE;
}

gboolean header_text_is_word(const char *text, const char **end) {
    Word word;
    if (!word_parse(text, &word))
        return FALSE;
    *end = word.end;
    return TRUE;
}

static void decoder_flush(Decoder *decoder) {
    if (decoder->charset == NULL)
        return;
    g_autofree char *text =
        charset_to_utf8(decoder->charset, decoder->bytes->str, decoder->bytes->len);
    g_string_append(decoder->result, text);
    g_string_truncate(decoder->bytes, 0);
    g_clear_pointer(&decoder->charset, g_free);
}

static void append_quoted(GString *bytes, const char *text, gsize length) {
    for (gsize at = 0; at < length; at++) {
        if (text[at] == '=' && at + 2 < length && g_ascii_isxdigit(text[at + 1]) &&
            g_ascii_isxdigit(text[at + 2])) {
            int byte = g_ascii_xdigit_value(text[at + 1]) * 16 + g_ascii_xdigit_value(text[at + 2]);
            g_string_append_c(bytes, (char)byte);
            at += 2;
        } else {
            g_string_append_c(bytes, text[at] == '_' ? ' ' : text[at]);
        }
    }
}

static void append_base64(GString *bytes, const char *text, gsize length) {
    gsize size;
    g_autofree char *data = base64_decode(text, length, &size);
    g_string_append_len(bytes, data, (gssize)size);
}

static void decoder_add_word(Decoder *decoder, const Word *word) {
    g_autofree char *charset = g_strndup(word->charset, word->charset_length);
    if (decoder->charset != NULL && g_ascii_strcasecmp(decoder->charset, charset) != 0)
        decoder_flush(decoder);
    if (decoder->charset == NULL)
        decoder->charset = g_steal_pointer(&charset);
    if (word->encoding == 'b')
        append_base64(decoder->bytes, word->text, word->text_length);
    else
        append_quoted(decoder->bytes, word->text, word->text_length);
}

static void decoder_add_plain(Decoder *decoder, const char *text, gsize length) {
    decoder_flush(decoder);
    g_autofree char *utf8 = charset_to_utf8(NULL, text, length);
    g_string_append(decoder->result, utf8);
}

// One line: control characters and line separators become blanks; cut at HEADER_TEXT_MAXIMUM.
static char *one_line(GString *text) {
    if (text->len > HEADER_TEXT_MAXIMUM) {
        const char *cut = g_utf8_find_prev_char(text->str, text->str + HEADER_TEXT_MAXIMUM + 1);
        g_string_truncate(text, (gsize)(cut - text->str));
    }
    for (gsize at = 0; at < text->len; at++)
        if ((guchar)text->str[at] < 32 || text->str[at] == 127)
            text->str[at] = ' ';
    return g_strstrip(g_string_free(text, FALSE));
}

char *header_text_decode(const char *value) {
    Decoder decoder = {g_string_sized_new(strlen(value)), g_string_new(NULL), NULL};
    while (*value != '\0') {
        Word word;
        const char *mark = strstr(value, "=?");
        gsize before = mark != NULL ? (gsize)(mark - value) : strlen(value);
        if (mark != NULL && !word_parse(mark, &word)) {
            decoder_add_plain(&decoder, value, before + 2);
            value = mark + 2;
            continue;
        }
        // Blanks between two encoded words are not text.
        if (before > 0 &&
            (decoder.charset == NULL || mark == NULL || strspn(value, " \t") < before))
            decoder_add_plain(&decoder, value, before);
        if (mark == NULL)
            break;
        decoder_add_word(&decoder, &word);
        value = word.end;
    }
    decoder_flush(&decoder);
    g_string_free(decoder.bytes, TRUE);
    return one_line(decoder.result);
}
