#include <string.h>

#include "net/smtp.h"

// Adds the line without its end, and CRLF.
static void output_add(GByteArray *output, const char *line, gsize length) {
    g_byte_array_append(output, (const guint8 *)line, (guint)length);
    g_byte_array_append(output, (const guint8 *)"\r\n", 2);
}

// The length of the line at text, and of the line end after it: CRLF, LF or a lone CR.
static gsize line_length(const char *text, gsize length, gsize *end) {
    gsize at = 0;
    while (at < length && text[at] != '\r' && text[at] != '\n')
        at++;
    *end = at == length ? 0 : 1;
    if (at + 1 < length && text[at] == '\r' && text[at + 1] == '\n')
        *end = 2;
    return at;
}

static gboolean line_is_blind_copy(const char *line, gsize length) {
    static const char *const names[] = {"bcc", "resent-bcc"};
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++) {
        gsize size = strlen(names[at]), colon = size;
        if (length <= size || g_ascii_strncasecmp(line, names[at], size) != 0)
            continue;
        while (colon < length && (line[colon] == ' ' || line[colon] == '\t'))
            colon++;
        if (colon < length && line[colon] == ':')
            return TRUE;
    }
    return FALSE;
}

GBytes *smtp_bytes_prepare(GBytes *bytes) {
    gsize length, end;
    const char *text = g_bytes_get_data(bytes, &length);
    GByteArray *output = g_byte_array_sized_new((guint)(length + length / 32 + 2));
    gboolean in_header = TRUE, is_dropped = FALSE;
    for (gsize at = 0; at < length;) {
        gsize line = line_length(text + at, length - at, &end);
        if (in_header && line == 0)
            in_header = is_dropped = FALSE;
        else if (in_header && text[at] != ' ' && text[at] != '\t')
            is_dropped = line_is_blind_copy(text + at, line);
        if (!is_dropped)
            output_add(output, text + at, line);
        at += line + end;
    }
    return g_byte_array_free_to_bytes(output);
}
