#include "mime/mbox.h"

#include <stdio.h>
#include <string.h>

#define LINE_MAXIMUM 1000 // of a From line; what is longer is text

struct MboxReader {
    MboxQuoting quoting;
    gsize limit;
    MboxFound found;
    gpointer data;
    GString *line;        // the beginning of a line whose end has not come
    gboolean within_line; // the beginning of the present line is in the mail already
    gboolean after_blank; // the line before was empty, or there was none
    GByteArray *mail;     // NULL: no mail begun
    gsize size;
    Instant arrived_at;
};

MboxReader *mbox_reader_new(MboxQuoting quoting, gsize limit, MboxFound found, gpointer data) {
    MboxReader *reader = g_new0(MboxReader, 1);
    reader->quoting = quoting;
    reader->limit = limit;
    reader->found = found;
    reader->data = data;
    reader->line = g_string_new(NULL);
    reader->after_blank = TRUE;
    return reader;
}

void mbox_reader_free(MboxReader *reader) {
    if (reader == NULL)
        return;
    g_string_free(reader->line, TRUE);
    g_clear_pointer(&reader->mail, g_byte_array_unref);
    g_free(reader);
}

// Behind the time stand the year and perhaps a zone, in either order: "2023 +0200", "+0000 2023"
// (as Google writes it), "EET 2023".
static gboolean parse_year(const char *text, int *year, int *zone) {
    g_auto(GStrv) words = g_strsplit(text, " ", 4);
    *year = *zone = 0;
    for (char **word = words; *word != NULL && word - words < 3; word++) {
        int value = 0;
        if (sscanf(*word, "%5d", &value) == 1 && (**word == '+' || **word == '-'))
            *zone = value;
        else if (value > 0 && *year == 0)
            *year = value;
    }
    return *year != 0;
}

static Instant parse_date(const char *text) {
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char weekday[4], name[4];
    int day, hour, minute, second, year, zone, rest = 0;
    int count = sscanf(text, "%3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %n", weekday, name, &day, &hour,
                       &minute, &second, &rest);
    const char *month = count == 6 ? strstr(months, name) : NULL;
    if (month == NULL || (month - months) % 3 != 0 || !parse_year(text + rest, &year, &zone))
        return INSTANT_NONE;
    g_autoptr(GDateTime) date = g_date_time_new_utc(year, (int)(month - months) / 3 + 1, day, hour,
                                                    minute, MIN(second, 59));
    if (date == NULL)
        return INSTANT_NONE;
    int offset = (zone / 100 * 60 + zone % 100) * 60;
    return (g_date_time_to_unix(date) - offset) * 1000;
}

gboolean mbox_line_begins(const char *line, gsize length, Instant *arrived_at) {
    *arrived_at = INSTANT_NONE;
    if (length < 5 || length > LINE_MAXIMUM || memcmp(line, "From ", 5) != 0)
        return FALSE;
    g_autofree char *text = g_strndup(line, length);
    for (const char *space = text + 4; space != NULL; space = strchr(space + 1, ' ')) {
        *arrived_at = parse_date(space + strspn(space, " "));
        if (*arrived_at != INSTANT_NONE)
            return TRUE;
    }
    return FALSE;
}

static void keep(MboxReader *reader, const char *bytes, gsize length) {
    reader->size += length;
    if (reader->mail->len < reader->limit)
        g_byte_array_append(reader->mail, (const guint8 *)bytes,
                            (guint)MIN(length, reader->limit - reader->mail->len));
}

// The empty line before the next From line is the file's, not the mail's.
static void drop_blank(MboxReader *reader) {
    GByteArray *mail = reader->mail;
    guint drop = 0;
    if (reader->size != mail->len)
        return;
    if (mail->len >= 2 && memcmp(mail->data + mail->len - 2, "\n\n", 2) == 0)
        drop = 1;
    else if (mail->len >= 4 && memcmp(mail->data + mail->len - 4, "\r\n\r\n", 4) == 0)
        drop = 2;
    g_byte_array_set_size(mail, mail->len - drop);
    reader->size -= drop;
}

static gboolean end_mail(MboxReader *reader, GError **error) {
    if (reader->mail == NULL)
        return TRUE;
    drop_blank(reader);
    g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(g_steal_pointer(&reader->mail));
    return reader->found(bytes, reader->size, reader->arrived_at, reader->data, error);
}

static gboolean is_quoted(const MboxReader *reader, const char *line, gsize length) {
    gsize depth = 0;
    while (depth < length && line[depth] == '>')
        depth++;
    gboolean fits = reader->quoting == MBOX_RD ? depth > 0 : depth == 1;
    return fits && length >= depth + 5 && memcmp(line + depth, "From ", 5) == 0;
}

// A whole line with its end, or the beginning of a long one.
static gboolean take_line(MboxReader *reader, const char *line, gsize length, GError **error) {
    gsize bare = length;
    while (bare > 0 && (line[bare - 1] == '\n' || line[bare - 1] == '\r'))
        bare--;
    Instant arrived_at = INSTANT_NONE;
    if (reader->after_blank && mbox_line_begins(line, bare, &arrived_at)) {
        if (!end_mail(reader, error))
            return FALSE;
        reader->mail = g_byte_array_new();
        reader->size = 0;
        reader->arrived_at = arrived_at;
        reader->after_blank = FALSE;
        return TRUE;
    }
    reader->after_blank = bare == 0;
    gsize skip = is_quoted(reader, line, bare) ? 1 : 0;
    if (reader->mail != NULL)
        keep(reader, line + skip, length - skip);
    return TRUE;
}

// A piece of the input up to a line end, or the rest of the input.
static gboolean take_piece(MboxReader *reader, const char *piece, gsize length, GError **error) {
    gboolean is_ended = piece[length - 1] == '\n';
    if (reader->within_line) {
        if (reader->mail != NULL)
            keep(reader, piece, length);
        reader->within_line = !is_ended;
        return TRUE;
    }
    if (reader->line->len == 0 && is_ended)
        return take_line(reader, piece, length, error);
    g_string_append_len(reader->line, piece, (gssize)length);
    if (!is_ended && reader->line->len <= LINE_MAXIMUM)
        return TRUE;
    gboolean is_good = take_line(reader, reader->line->str, reader->line->len, error);
    g_string_truncate(reader->line, 0);
    reader->within_line = !is_ended;
    return is_good;
}

gboolean mbox_reader_feed(MboxReader *reader, const char *bytes, gsize length, GError **error) {
    for (gsize at = 0; at < length;) {
        const char *end = memchr(bytes + at, '\n', length - at);
        gsize piece = end != NULL ? (gsize)(end - bytes) + 1 - at : length - at;
        if (!take_piece(reader, bytes + at, piece, error))
            return FALSE;
        at += piece;
    }
    return TRUE;
}

gboolean mbox_reader_finish(MboxReader *reader, GError **error) {
    if (reader->line->len > 0 && !take_line(reader, reader->line->str, reader->line->len, error))
        return FALSE;
    g_string_truncate(reader->line, 0);
    return end_mail(reader, error);
}
