#include "mime/encode_header.h"

#include <gio/gio.h>
#include <string.h>

#define LINE_MAXIMUM 78
#define WORD_BYTES 42      // of UTF-8 in one encoded word: 56 base64 digits
#define SECTION_MAXIMUM 54 // of a parameter's extended form
#define IDS_KEPT 20        // newest ids of a long References

void encode_header_folded(GString *out, const char *name, const char *value) {
    g_string_append_printf(out, "%s:", name);
    gsize column = strlen(name) + 1;
    gboolean is_first = TRUE;
    while (*(value += strspn(value, " ")) != '\0') {
        gsize length = strcspn(value, " ");
        if (!is_first && column + 1 + length > LINE_MAXIMUM) {
            g_string_append(out, "\r\n");
            column = 0;
        }
        g_string_append_c(out, ' ');
        g_string_append_len(out, value, (gssize)length);
        column += 1 + length;
        value += length;
        is_first = FALSE;
    }
    g_string_append(out, "\r\n");
}

static gboolean is_plain(const char *text) {
    gsize word = 0;
    for (const char *at = text; *at != '\0'; at++) {
        word = *at == ' ' ? 0 : word + 1;
        if ((guchar)*at > 126 || word > 60)
            return FALSE;
    }
    return strstr(text, "=?") == NULL && strstr(text, "  ") == NULL && text[0] != ' ';
}

// Encoded words of at most 75 characters, split between characters, with blanks between them.
static void append_words(GString *value, const char *text) {
    while (*text != '\0') {
        gsize length = strlen(text);
        if (length > WORD_BYTES) {
            const char *cut = g_utf8_find_prev_char(text, text + WORD_BYTES + 1);
            length = (gsize)(cut - text);
        }
        g_autofree char *digits = g_base64_encode((const guchar *)text, length);
        g_string_append_printf(value, "%s=?utf-8?B?%s?=", value->len > 0 ? " " : "", digits);
        text += length;
    }
}

void encode_header_text(GString *out, const char *name, const char *text) {
    g_autoptr(GString) value = g_string_new(NULL);
    if (is_plain(text))
        g_string_append(value, text);
    else
        append_words(value, text);
    encode_header_folded(out, name, value->str);
}

static void append_quoted(GString *to, const char *text) {
    g_string_append_c(to, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(to, '\\');
        g_string_append_c(to, *text);
    }
    g_string_append_c(to, '"');
}

static void append_name(GString *value, const char *name) {
    if (!is_plain(name)) {
        g_autoptr(GString) words = g_string_new(NULL);
        append_words(words, name);
        g_string_append(value, words->str);
    } else if (strpbrk(name, "()<>[]:;@\\,.\"'") != NULL) {
        append_quoted(value, name);
    } else {
        g_string_append(value, name);
    }
}

char *encode_address(const char *address) {
    const char *at = strrchr(address, '@');
    if (at == NULL || at == address || at[1] == '\0' || strpbrk(address, " \t<>,;()") != NULL ||
        !g_utf8_validate(address, -1, NULL) || strlen(address) > 320)
        return NULL;
    g_autofree char *domain = g_hostname_to_ascii(at + 1);
    return domain != NULL ? g_strdup_printf("%.*s@%s", (int)(at - address), address, domain) : NULL;
}

void encode_header_parties(GString *out, const char *name, const GPtrArray *parties) {
    g_autoptr(GString) value = g_string_new(NULL);
    for (guint at = 0; at < parties->len; at++) {
        const Party *party = parties->pdata[at];
        g_autofree char *address = encode_address(party->address);
        if (at > 0)
            g_string_append(value, ", ");
        if (party->name != NULL && party->name[0] != '\0') {
            append_name(value, party->name);
            g_string_append_printf(value, " <%s>", address);
        } else {
            g_string_append(value, address);
        }
    }
    if (value->len > 0)
        encode_header_folded(out, name, value->str);
}

void encode_header_ids(GString *out, const char *name, char *const *ids) {
    gsize count = 0;
    while (ids[count] != NULL)
        count++;
    gsize skipped = count > IDS_KEPT + 1 ? count - IDS_KEPT - 1 : 0;
    g_autoptr(GString) value = g_string_new(NULL);
    for (gsize at = 0; at < count; at++)
        if (at == 0 || at > skipped)
            g_string_append_printf(value, "<%s> ", ids[at]);
    if (value->len > 0)
        encode_header_folded(out, name, value->str);
}

static gboolean is_plain_parameter(const char *value) {
    for (const char *at = value; *at != '\0'; at++)
        if ((guchar)*at > 126)
            return FALSE;
    return strlen(value) <= 60;
}

// How much of percent-encoded UTF-8 goes on one line: not half a byte, not half a character.
static gsize section_length(const char *encoded) {
    gsize length = MIN(strlen(encoded), SECTION_MAXIMUM);
    while (length > 2 && (encoded[length - 1] == '%' || encoded[length - 2] == '%'))
        length--;
    while (length > 3 && encoded[length] == '%' && strchr("89ABab", encoded[length + 1]) != NULL)
        length -= 3;
    return length;
}

// name*0*=utf-8''..., name*1*=...
static void append_sections(GString *out, const char *name, const char *value) {
    g_autofree char *encoded = g_uri_escape_string(value, NULL, FALSE);
    const char *rest = encoded;
    for (guint section = 0; *rest != '\0'; section++) {
        gsize length = section_length(rest);
        g_string_append_printf(out, ";\r\n %s*%u*=%s%.*s", name, section,
                               section == 0 ? "utf-8''" : "", (int)length, rest);
        rest += length;
    }
}

void encode_header_parameter(GString *out, const char *name, const char *value) {
    if (is_plain_parameter(value)) {
        g_string_append_printf(out, ";\r\n %s=", name);
        append_quoted(out, value);
    } else {
        append_sections(out, name, value);
    }
}
