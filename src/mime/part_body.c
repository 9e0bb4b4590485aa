#include "mime/part_body.h"

#include <gmime/gmime.h>
#include <string.h>

#include "mime/base64.h"
#include "mime/charset.h"
#include "mime/mail_decode.h"

static const struct {
    const char *name;
    GMimeContentEncoding encoding;
} encodings[] = {
    {"quoted-printable", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE},
    {"x-uuencode", GMIME_CONTENT_ENCODING_UUENCODE},
    {"uuencode", GMIME_CONTENT_ENCODING_UUENCODE},
    {"x-uue", GMIME_CONTENT_ENCODING_UUENCODE},
};

static GMimeContentEncoding encoding_of(const MailPart *part) {
    for (gsize at = 0; at < G_N_ELEMENTS(encodings); at++)
        if (strcmp(part->encoding, encodings[at].name) == 0)
            return encodings[at].encoding;
    return GMIME_CONTENT_ENCODING_DEFAULT;
}

// GMime wants the lines behind "begin 644 name".
static void skip_begin_line(const char **data, gsize *length) {
    const char *at = *data;
    const char *end = at + *length;
    while (at < end) {
        const char *newline = memchr(at, '\n', (gsize)(end - at));
        const char *next = newline != NULL ? newline + 1 : end;
        if (end - at > 6 && strncmp(at, "begin ", 6) == 0) {
            *data = next;
            *length = (gsize)(end - next);
            return;
        }
        at = next;
    }
}

static GBytes *decode(GMimeContentEncoding encoding, const char *data, gsize length) {
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, encoding);
    if (encoding == GMIME_CONTENT_ENCODING_UUENCODE)
        skip_begin_line(&data, &length);
    char *out = g_malloc(g_mime_encoding_outlen(&state, length) + 4);
    gsize written = g_mime_encoding_step(&state, data, length, out);
    return g_bytes_new_take(out, written);
}

GBytes *part_body_decode(const MailPart *part, GBytes *raw) {
    if (strcmp(part->encoding, "base64") == 0) {
        gsize size;
        char *decoded = base64_decode(part->body, part->length, &size);
        return g_bytes_new_take(decoded, size);
    }
    GMimeContentEncoding encoding = encoding_of(part);
    if (encoding != GMIME_CONTENT_ENCODING_DEFAULT)
        return decode(encoding, part->body, part->length);
    gsize size;
    const char *data = g_bytes_get_data(raw, &size);
    if (part->body >= data && part->body + part->length <= data + size)
        return g_bytes_new_from_bytes(raw, (gsize)(part->body - data), part->length);
    return g_bytes_new(part->body, part->length);
}

// CR LF and lone CR become LF, in place.
static void lines_normalize(char *text) {
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (*from != '\r')
            *to++ = *from;
        else if (from[1] != '\n')
            *to++ = '\n';
    }
    *to = '\0';
}

static char *html_charset(const char *data, gsize length) {
    g_autofree char *head = g_ascii_strdown(data, (gssize)MIN(length, 2048));
    const char *mark = strstr(head, "charset=");
    if (mark == NULL || strstr(head, "<meta") == NULL)
        return NULL;
    mark += strlen("charset=");
    mark += strspn(mark, "\"' ");
    return g_strndup(mark, strcspn(mark, "\"'> ;/"));
}

static gsize quote_depth(const char *line) {
    return strspn(line, ">");
}

// One line of flowed text without its quote marks and stuffed space.
static const char *flowed_content(const char *line, gsize depth) {
    line += depth;
    return *line == ' ' ? line + 1 : line;
}

char *text_unflow(const char *text, gboolean delete_space) {
    GString *result = g_string_sized_new(strlen(text));
    gboolean is_flowing = FALSE; // the last line ended in a soft break
    gsize last_depth = 0;
    while (*text != '\0') {
        gsize length = strcspn(text, "\n");
        g_autofree char *line = g_strndup(text, length);
        gsize depth = quote_depth(line);
        const char *content = flowed_content(line, depth);
        gboolean is_signature = strcmp(content, "-- ") == 0;
        if (is_flowing && (depth != last_depth || is_signature)) {
            g_string_append_c(result, '\n');
            is_flowing = FALSE;
        }
        if (!is_flowing) {
            for (gsize at = 0; at < depth; at++)
                g_string_append_c(result, '>');
            if (depth > 0)
                g_string_append_c(result, ' ');
        }
        g_string_append(result, content);
        is_flowing = !is_signature && content[0] != '\0' && g_str_has_suffix(content, " ");
        if (is_flowing && delete_space)
            g_string_truncate(result, result->len - 1);
        if (!is_flowing && text[length] == '\n')
            g_string_append_c(result, '\n');
        last_depth = depth;
        text += length + (text[length] == '\n' ? 1 : 0);
    }
    return g_string_free(result, FALSE);
}

static gboolean is_parameter(const MailPart *part, const char *name, const char *value) {
    const char *found = header_parameters_get(&part->type, name);
    return found != NULL && g_ascii_strcasecmp(found, value) == 0;
}

char *part_body_text(const MailPart *part, GBytes *raw) {
    g_autoptr(GBytes) bytes = part_body_decode(part, raw);
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    length = MIN(length, MAIL_TEXT_BYTES_MAXIMUM);
    const char *charset = header_parameters_get(&part->type, "charset");
    g_autofree char *inner = NULL;
    if (!charset_is_known(charset) && strcmp(part->type.value, "text/html") == 0)
        charset = inner = html_charset(data, length);
    g_autofree char *text = charset_to_utf8(charset, data != NULL ? data : "", length);
    lines_normalize(text);
    if (strcmp(part->type.value, "text/plain") == 0 && is_parameter(part, "format", "flowed"))
        return text_unflow(text, is_parameter(part, "delsp", "yes"));
    return g_steal_pointer(&text);
}
