#include "mime/encode_body.h"

#include <string.h>

#define PLAIN_LINE_MAXIMUM 78
#define ENCODED_LINE_MAXIMUM 75 // and the "=" of a soft break
#define BYTES_PER_LINE 57       // 76 base64 digits

static gboolean is_safe_line(const char *line, gsize length) {
    if (length > PLAIN_LINE_MAXIMUM || strncmp(line, "From ", 5) == 0)
        return FALSE;
    if (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
        return FALSE;
    for (gsize at = 0; at < length; at++)
        if ((guchar)line[at] > 126 || ((guchar)line[at] < 32 && line[at] != '\t'))
            return FALSE;
    return TRUE;
}

static const char *next_line(const char *line, gsize *length) {
    const char *end = line + strcspn(line, "\n");
    *length = (gsize)(end - line);
    if (*length > 0 && line[*length - 1] == '\r')
        (*length)--;
    return *end == '\n' ? end + 1 : end;
}

const char *encode_body_choose(const char *text) {
    gboolean is_safe = TRUE;
    gsize high = 0;
    for (const char *at = text; *at != '\0'; at++)
        high += (guchar)*at > 126 ? 1 : 0;
    for (const char *line = text; *line != '\0' && is_safe;) {
        gsize length;
        const char *next = next_line(line, &length);
        is_safe = is_safe_line(line, length);
        line = next;
    }
    if (is_safe)
        return "7bit";
    return high > strlen(text) / 3 ? "base64" : "quoted-printable";
}

// One line of quoted-printable (RFC 2045 6.7), without its line end.
static void append_quoted_line(GString *out, const char *line, gsize length) {
    gsize column = 0;
    for (gsize at = 0; at < length; at++) {
        guchar byte = (guchar)line[at];
        gboolean is_blank = byte == ' ' || byte == '\t';
        gboolean is_plain =
            (byte > 32 && byte < 127 && byte != '=') || (is_blank && at + 1 < length);
        if (at == 0 && (strncmp(line, "From ", 5) == 0 || byte == '.'))
            is_plain = FALSE;
        if (column + (is_plain ? 1 : 3) > ENCODED_LINE_MAXIMUM) {
            g_string_append(out, "=\r\n");
            column = 0;
        }
        if (is_plain)
            g_string_append_c(out, (char)byte);
        else
            g_string_append_printf(out, "=%02X", byte);
        column += is_plain ? 1 : 3;
    }
}

static void append_lines(GString *out, const char *text, gboolean is_quoted) {
    while (*text != '\0') {
        gsize length;
        const char *next = next_line(text, &length);
        if (is_quoted)
            append_quoted_line(out, text, length);
        else
            g_string_append_len(out, text, (gssize)length);
        g_string_append(out, "\r\n");
        text = next;
    }
}

void encode_body_text(GString *out, const char *text, const char *encoding) {
    if (strcmp(encoding, "base64") != 0) {
        append_lines(out, text, strcmp(encoding, "quoted-printable") == 0);
        return;
    }
    GString *lines = g_string_new(NULL);
    append_lines(lines, text, FALSE);
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(lines);
    encode_body_bytes(out, bytes);
}

void encode_body_bytes(GString *out, GBytes *bytes) {
    gsize length;
    const guchar *data = g_bytes_get_data(bytes, &length);
    for (gsize at = 0; at < length; at += BYTES_PER_LINE) {
        char digits[BYTES_PER_LINE / 3 * 4 + 8];
        gint state = 0, save = 0;
        gsize count = MIN(BYTES_PER_LINE, length - at);
        gsize size = g_base64_encode_step(data + at, count, FALSE, digits, &state, &save);
        size += g_base64_encode_close(FALSE, digits + size, &state, &save);
        g_string_append_len(out, digits, (gssize)size);
        g_string_append(out, "\r\n");
    }
}
