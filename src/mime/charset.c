#include "mime/charset.h"

#include <errno.h>
#include <string.h>

// Declared name, reduced to lower-case letters and digits -> iconv's name. "" means: guess.
static const struct {
    const char *key;
    const char *iconv;
} charsets[] = {
    {"ansi", "WINDOWS-1252"},
    {"ansix341968", ""},
    {"ansix31101983", "WINDOWS-1252"},
    {"arabic", "ISO-8859-6"},
    {"ascii", ""},
    {"big5", "BIG5-HKSCS"},
    {"big5hkscs", "BIG5-HKSCS"},
    {"cp1250", "WINDOWS-1250"},
    {"cp1251", "WINDOWS-1251"},
    {"cp1252", "WINDOWS-1252"},
    {"cp1253", "WINDOWS-1253"},
    {"cp1254", "WINDOWS-1254"},
    {"cp1255", "WINDOWS-1255"},
    {"cp1256", "WINDOWS-1256"},
    {"cp1257", "WINDOWS-1257"},
    {"cp1258", "WINDOWS-1258"},
    {"cp437", "CP437"},
    {"cp737", "CP737"},
    {"cp775", "CP775"},
    {"cp850", "CP850"},
    {"cp852", "CP852"},
    {"cp855", "CP855"},
    {"cp857", "CP857"},
    {"cp858", "CP858"},
    {"cp862", "CP862"},
    {"cp865", "CP865"},
    {"cp866", "CP866"},
    {"cp874", "CP874"},
    {"cp932", "CP932"},
    {"cp936", "GB18030"},
    {"cp949", "CP949"},
    {"cp950", "BIG5-HKSCS"},
    {"csshiftjis", "CP932"},
    {"default", ""},
    {"dos850", "CP850"},
    {"euccn", "GB18030"},
    {"eucjp", "EUC-JP"},
    {"euckr", "CP949"},
    {"euctw", "EUC-TW"},
    {"gb18030", "GB18030"},
    {"gb2312", "GB18030"},
    {"gb231280", "GB18030"},
    {"gbk", "GB18030"},
    {"greek", "ISO-8859-7"},
    {"hebrew", "ISO-8859-8"},
    {"hzgb2312", "GB18030"},
    {"ibm437", "CP437"},
    {"ibm850", "CP850"},
    {"ibm852", "CP852"},
    {"ibm866", "CP866"},
    {"iso10646ucs2", "UTF-16BE"},
    {"iso2022cn", "ISO-2022-CN"},
    {"iso2022jp", "ISO-2022-JP-2"},
    {"iso2022jp1", "ISO-2022-JP-2"},
    {"iso2022jp2", "ISO-2022-JP-2"},
    {"iso2022kr", "ISO-2022-KR"},
    {"iso88591", "WINDOWS-1252"},
    {"iso885910", "ISO-8859-10"},
    {"iso885911", "CP874"},
    {"iso885913", "ISO-8859-13"},
    {"iso885914", "ISO-8859-14"},
    {"iso885915", "ISO-8859-15"},
    {"iso885916", "ISO-8859-16"},
    {"iso88592", "ISO-8859-2"},
    {"iso88593", "ISO-8859-3"},
    {"iso88594", "ISO-8859-4"},
    {"iso88595", "ISO-8859-5"},
    {"iso88596", "ISO-8859-6"},
    {"iso88597", "ISO-8859-7"},
    {"iso88598", "ISO-8859-8"},
    {"iso88598e", "ISO-8859-8"},
    {"iso88598i", "ISO-8859-8"},
    {"iso88599", "WINDOWS-1254"},
    {"iso646us", ""},
    {"johab", "JOHAB"},
    {"koi8", "KOI8-R"},
    {"koi8r", "KOI8-R"},
    {"koi8ru", "KOI8-U"},
    {"koi8u", "KOI8-U"},
    {"ksc5601", "CP949"},
    {"ksc56011987", "CP949"},
    {"ksc56011989", "CP949"},
    {"l1", "WINDOWS-1252"},
    {"latin1", "WINDOWS-1252"},
    {"latin2", "ISO-8859-2"},
    {"latin5", "WINDOWS-1254"},
    {"latin9", "ISO-8859-15"},
    {"mac", "MACINTOSH"},
    {"maccyrillic", "MAC-CYRILLIC"},
    {"macintosh", "MACINTOSH"},
    {"macroman", "MACINTOSH"},
    {"ms932", "CP932"},
    {"mskanji", "CP932"},
    {"shiftjis", "CP932"},
    {"sjis", "CP932"},
    {"tis620", "CP874"},
    {"ucs2", "UTF-16"},
    {"uhc", "CP949"},
    {"unicode", "UTF-16"},
    {"unicode11utf8", "UTF-8"},
    {"unknown", ""},
    {"unknown8bit", ""},
    {"us", ""},
    {"usascii", ""},
    {"utf16", "UTF-16"},
    {"utf16be", "UTF-16BE"},
    {"utf16le", "UTF-16LE"},
    {"utf32", "UTF-32"},
    {"utf32be", "UTF-32BE"},
    {"utf32le", "UTF-32LE"},
    {"utf8", "UTF-8"},
    {"utf8mb4", "UTF-8"},
    {"viscii", "VISCII"},
    {"windows1250", "WINDOWS-1250"},
    {"windows1251", "WINDOWS-1251"},
    {"windows1252", "WINDOWS-1252"},
    {"windows1253", "WINDOWS-1253"},
    {"windows1254", "WINDOWS-1254"},
    {"windows1255", "WINDOWS-1255"},
    {"windows1256", "WINDOWS-1256"},
    {"windows1257", "WINDOWS-1257"},
    {"windows1258", "WINDOWS-1258"},
    {"windows31j", "CP932"},
    {"windows874", "CP874"},
    {"windows936", "GB18030"},
    {"windows949", "CP949"},
    {"xgbk", "GB18030"},
    {"xmaccyrillic", "MAC-CYRILLIC"},
    {"xmacroman", "MACINTOSH"},
    {"xsjis", "CP932"},
    {"xunknown", ""},
    {"xuserdefined", ""},
    {"xxbig5", "BIG5-HKSCS"},
    {"xbig5", "BIG5-HKSCS"},
    {"xeucjp", "EUC-JP"},
    {"xwindows949", "CP949"},
};

// Encodings in which bytes below 0x80 may be something else than ASCII.
static const char *const shifting[] = {"UTF-16",      "UTF-16BE", "UTF-16LE",    "UTF-32",
                                       "UTF-32BE",    "UTF-32LE", "ISO-2022-CN", "ISO-2022-JP-2",
                                       "ISO-2022-KR", NULL};

#define KEY_SIZE 24
#define REPLACEMENT "\xEF\xBF\xBD"

static void charset_key(const char *charset, char key[KEY_SIZE]) {
    gsize length = 0;
    for (; *charset != '\0' && *charset != '*' && length < KEY_SIZE - 1; charset++)
        if (g_ascii_isalnum(*charset))
            key[length++] = g_ascii_tolower(*charset);
    key[length] = '\0';
}

static GHashTable *charset_table(void) {
    static gsize made;
    if (g_once_init_enter(&made)) {
        GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);
        for (gsize at = 0; at < G_N_ELEMENTS(charsets); at++)
            g_hash_table_insert(table, (gpointer)(guintptr)charsets[at].key,
                                (gpointer)(guintptr)charsets[at].iconv);
        g_once_init_leave(&made, (gsize)table);
    }
    return (GHashTable *)made;
}

// iconv's name, "" for guess, NULL for unknown.
static const char *charset_find(const char *charset) {
    char key[KEY_SIZE];
    if (charset == NULL)
        return "";
    charset_key(charset, key);
    return g_hash_table_lookup(charset_table(), key);
}

gboolean charset_is_known(const char *charset) {
    return charset != NULL && charset_find(charset) != NULL;
}

gboolean charset_is_regional(const char *charset) {
    static const char *const prefixes[] = {"BIG5",    "CP874", "CP932", "CP949",     "EUC-",
                                           "GB18030", "JOHAB", "KOI8",  "ISO-8859-", "WINDOWS-125"};
    const char *name = charset != NULL ? charset_find(charset) : NULL;
    if (name == NULL || strcmp(name, "WINDOWS-1252") == 0)
        return FALSE;
    for (gsize at = 0; at < G_N_ELEMENTS(prefixes); at++)
        if (g_str_has_prefix(name, prefixes[at]))
            return TRUE;
    return FALSE;
}

static void converters_free(gpointer converters) {
    g_hash_table_destroy(converters);
}

static void converter_close(gpointer converter) {
    g_iconv_close((GIConv)converter);
}

static GPrivate converters_private = G_PRIVATE_INIT(converters_free);

static GIConv converter_get(const char *name) {
    GHashTable *converters = g_private_get(&converters_private);
    if (converters == NULL) {
        converters = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, converter_close);
        g_private_set(&converters_private, converters);
    }
    gpointer converter = g_hash_table_lookup(converters, name);
    if (converter == NULL) {
        converter = g_iconv_open("UTF-8", name);
        if ((GIConv)converter == (GIConv)-1)
            return (GIConv)-1;
        g_hash_table_insert(converters, (gpointer)(guintptr)name, converter);
    }
    g_iconv((GIConv)converter, NULL, NULL, NULL, NULL);
    return (GIConv)converter;
}

void charset_open_all(void) {
    charset_table();
    for (gsize at = 0; at < G_N_ELEMENTS(charsets); at++)
        if (charsets[at].iconv[0] != '\0')
            converter_get(charsets[at].iconv);
}

// Valid UTF-8 without NULs out of bytes that should be UTF-8.
static char *utf8_repair(const char *bytes, gsize length) {
    GString *text = g_string_sized_new(length);
    const char *end = bytes + length;
    while (bytes < end) {
        const char *stop;
        g_utf8_validate_len(bytes, (gsize)(end - bytes), &stop);
        g_string_append_len(text, bytes, stop - bytes);
        if (stop == end)
            break;
        if (*stop != '\0')
            g_string_append(text, REPLACEMENT);
        bytes = stop + 1;
    }
    return g_string_free(text, FALSE);
}

static gboolean is_plain_ascii(const char *bytes, gsize length) {
    for (gsize at = 0; at < length; at++)
        if ((guchar)bytes[at] - 1u >= 0x7f)
            return FALSE;
    return TRUE;
}

// Converts all that can be; each byte that cannot becomes U+FFFD.
static char *convert(GIConv converter, const char *bytes, gsize length) {
    gsize capacity = length * 2 + 16;
    GString *text = g_string_sized_new(capacity);
    char *in = (char *)(guintptr)bytes;
    while (length > 0) {
        char buffer[4096];
        char *out = buffer;
        gsize left = sizeof buffer;
        gsize result = g_iconv(converter, &in, &length, &out, &left);
        int reason = errno;
        g_string_append_len(text, buffer, out - buffer);
        if (result != (gsize)-1 || reason == E2BIG)
            continue;
        g_string_append(text, REPLACEMENT);
        in++;
        length--;
    }
    char buffer[64];
    char *out = buffer;
    gsize left = sizeof buffer;
    if (g_iconv(converter, NULL, NULL, &out, &left) != (gsize)-1)
        g_string_append_len(text, buffer, out - buffer);
    gsize size = text->len;
    char *result = g_string_free(text, FALSE);
    if (memchr(result, '\0', size) == NULL)
        return result;
    char *without = utf8_repair(result, size);
    g_free(result);
    return without;
}

// No character of UTF-8 beyond ASCII stands in it, so that it was never meant to be.
static gboolean has_no_utf8(const char *bytes, gsize length) {
    const char *end = bytes + length;
    while (bytes < end) {
        if ((guchar)*bytes >= 0x80 && g_utf8_get_char_validated(bytes, end - bytes) < 0x110000)
            return FALSE;
        bytes++;
    }
    return TRUE;
}

// What undeclared bytes are most likely.
static const char *charset_guess(const char *bytes, gsize length) {
    if (memmem(bytes, length, "\x1b$", 2) != NULL || memmem(bytes, length, "\x1b(J", 3) != NULL)
        return "ISO-2022-JP-2";
    return "WINDOWS-1252";
}

char *charset_to_utf8(const char *charset, const char *bytes, gsize length) {
    const char *name = charset_find(charset);
    gboolean is_guess = name == NULL || name[0] == '\0';
    if (is_guess || !g_strv_contains(shifting, name)) {
        gboolean has_shift = is_guess && memchr(bytes, 0x1b, length) != NULL;
        if (!has_shift && is_plain_ascii(bytes, length))
            return g_strndup(bytes, length);
        gboolean is_utf8 = g_utf8_validate_len(bytes, length, NULL);
        if (!has_shift && is_utf8 && (is_guess || strcmp(name, "UTF-8") == 0))
            return g_strndup(bytes, length);
        if (is_guess)
            name = charset_guess(bytes, length);
        else if (strcmp(name, "UTF-8") == 0 && has_no_utf8(bytes, length))
            name = "WINDOWS-1252";
    }
    if (strcmp(name, "UTF-8") == 0)
        return utf8_repair(bytes, length);
    GIConv converter = converter_get(name);
    return converter != (GIConv)-1 ? convert(converter, bytes, length) : utf8_repair(bytes, length);
}
