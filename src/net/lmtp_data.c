#include "net/lmtp_data.h"

#include <string.h>

struct LmtpData {
    GByteArray *bytes;
    gsize limit;
    gsize total; // as it should be kept, whatever the limit
    LmtpDataState state;
    // The present line so far: how it began and what it holds.
    gboolean after_bare; // the line before ended in a bare line feed
    gboolean has_dot;    // it began with a dot, which is not kept
    gsize line;          // bytes after that dot
    gboolean has_cr;     // the last byte was CR, not kept yet
};

LmtpData *lmtp_data_new(gsize limit) {
    LmtpData *data = g_new0(LmtpData, 1);
    data->bytes = g_byte_array_new();
    data->limit = limit;
    return data;
}

void lmtp_data_free(LmtpData *data) {
    if (data == NULL)
        return;
    g_byte_array_unref(data->bytes);
    g_free(data);
}

static void keep(LmtpData *data, const char *bytes, gsize length) {
    data->total += length;
    if (data->total <= data->limit)
        g_byte_array_append(data->bytes, (const guint8 *)bytes, (guint)length);
}

// A line feed: the end of a line, and perhaps of the mail.
static void end_line(LmtpData *data) {
    gboolean is_bare = !data->has_cr;
    gboolean is_dot_alone = data->has_dot && data->line == 0;
    if (is_dot_alone) {
        data->state = is_bare || data->after_bare ? LMTP_DATA_SMUGGLED : LMTP_DATA_WHOLE;
        return;
    }
    keep(data, is_bare ? "\n" : "\r\n", is_bare ? 1 : 2);
    data->after_bare = is_bare;
    data->has_dot = data->has_cr = FALSE;
    data->line = 0;
}

// Bytes within a line: neither CR nor LF among them.
static void add_text(LmtpData *data, const char *bytes, gsize length) {
    if (data->has_cr) {
        keep(data, "\r", 1);
        data->line++;
        data->has_cr = FALSE;
    }
    if (data->line == 0 && !data->has_dot && *bytes == '.') {
        data->has_dot = TRUE;
        bytes++;
        length--;
    }
    if (length > 0)
        keep(data, bytes, length);
    data->line += length;
}

static gsize text_length(const char *bytes, gsize length) {
    const char *feed = memchr(bytes, '\n', length);
    gsize most = feed != NULL ? (gsize)(feed - bytes) : length;
    const char *carriage = memchr(bytes, '\r', most);
    return carriage != NULL ? (gsize)(carriage - bytes) : most;
}

gsize lmtp_data_feed(LmtpData *data, const char *bytes, gsize length) {
    gsize at = 0;
    while (at < length && data->state == LMTP_DATA_OPEN) {
        if (bytes[at] == '\n') {
            end_line(data);
            at++;
        } else if (bytes[at] == '\r') {
            if (data->has_cr) {
                keep(data, "\r", 1);
                data->line++;
            }
            data->has_cr = TRUE;
            at++;
        } else {
            gsize text = text_length(bytes + at, length - at);
            add_text(data, bytes + at, text);
            at += text;
        }
    }
    return at;
}

LmtpDataState lmtp_data_state(const LmtpData *data) {
    return data->state;
}

gboolean lmtp_data_is_over_limit(const LmtpData *data) {
    return data->total > data->limit;
}

gsize lmtp_data_size(const LmtpData *data) {
    return data->bytes->len;
}

GBytes *lmtp_data_take(LmtpData *data) {
    GBytes *bytes = g_byte_array_free_to_bytes(data->bytes);
    data->bytes = g_byte_array_new();
    return bytes;
}
