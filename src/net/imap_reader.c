#include <string.h>

#include "base/error.h"
#include "net/imap_parse.h"

#define INPUT_SIZE 65536
#define FIRST_ROOM (1u << 20) // of a literal, before its bytes have come

const ImapLimits imap_limits = {.line = 256 << 10, .literal = 64 << 20, .literals = 64};

struct ImapReader {
    ImapLimits limits;
    guint8 input[INPUT_SIZE];
    gsize start, end;    // of what was not looked at yet
    GString *text;       // of the response so far, without literals
    gsize line_start;    // in text: where its present line began
    GArray *ends;        // of gsize
    GPtrArray *literals; // of GBytes
    guint8 *literal;     // being received; NULL: none
    gsize literal_size, literal_room, literal_have;
    gboolean is_receiving;
    gint64 declared; // of a literal that was too large
};

ImapReader *imap_reader_new(const ImapLimits *limits) {
    ImapReader *reader = g_new0(ImapReader, 1);
    reader->limits = limits != NULL ? *limits : imap_limits;
    reader->text = g_string_new(NULL);
    reader->ends = g_array_new(FALSE, FALSE, sizeof(gsize));
    reader->literals = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    return reader;
}

void imap_reader_free(ImapReader *reader) {
    if (reader == NULL)
        return;
    g_string_free(reader->text, TRUE);
    g_array_unref(reader->ends);
    g_ptr_array_unref(reader->literals);
    g_free(reader->literal);
    g_free(reader);
}

// A size that was only announced is not believed at once.
static void literal_make_room(ImapReader *reader) {
    if (reader->literal_have < reader->literal_room)
        return;
    gsize room = reader->literal_room == 0 ? FIRST_ROOM : reader->literal_room * 2;
    reader->literal_room = MIN(room, reader->literal_size);
    reader->literal = g_realloc(reader->literal, MAX(reader->literal_room, 1));
}

void *imap_reader_room(ImapReader *reader, gsize *size) {
    if (reader->is_receiving && reader->literal_size - reader->literal_have > INPUT_SIZE) {
        literal_make_room(reader);
        *size = reader->literal_room - reader->literal_have;
        return reader->literal + reader->literal_have;
    }
    if (reader->start == reader->end)
        reader->start = reader->end = 0;
    if (reader->end == INPUT_SIZE) {
        memmove(reader->input, reader->input + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->start = 0;
    }
    *size = INPUT_SIZE - reader->end;
    return reader->input + reader->end;
}

void imap_reader_advance(ImapReader *reader, gsize length) {
    if (reader->is_receiving && reader->literal_size - reader->literal_have > INPUT_SIZE)
        reader->literal_have += length;
    else
        reader->end += length;
}

static gboolean garbage(GError **error, const char *what) {
    error_set(error, ERROR_UPSTREAM, "imap_garbage", "The mail server sent %s.", what);
    return FALSE;
}

// The size that the line's end announces, {n} or {n+}; -1 where there is none, -2 where it is
// wrong.
static gint64 announced(const char *line, gsize length) {
    if (length < 2 || line[length - 1] != '}')
        return -1;
    const char *open = g_strrstr_len(line, (gssize)length, "{");
    if (open == NULL)
        return -1;
    g_autofree char *digits = g_strndup(open + 1, (gsize)(line + length - 1 - (open + 1)));
    guint64 size = 0;
    if (!g_ascii_string_to_unsigned(digits, 10, 0, G_MAXINT64, &size, NULL))
        return -2;
    return (gint64)size;
}

static gboolean literal_begin(ImapReader *reader, gint64 size, GError **error) {
    if ((guint64)size > reader->limits.literal) {
        reader->declared = size;
        error_set(error, ERROR_TOO_LARGE, "imap_literal_too_large",
                  "The mail server announced %" G_GINT64_FORMAT " bytes at once; %" G_GSIZE_FORMAT
                  " are taken.",
                  size, reader->limits.literal);
        return FALSE;
    }
    if (reader->literals->len >= reader->limits.literals)
        return garbage(error, "too many literals in one answer");
    gsize end = reader->text->len;
    g_array_append_val(reader->ends, end);
    reader->literal_size = (gsize)size;
    reader->literal_have = reader->literal_room = 0;
    reader->literal = NULL;
    reader->is_receiving = TRUE;
    return TRUE;
}

// Moves what has come of the literal; TRUE when it is whole.
static gboolean literal_fill(ImapReader *reader) {
    while (reader->literal_have < reader->literal_size && reader->start < reader->end) {
        literal_make_room(reader);
        gsize take = MIN(reader->end - reader->start, reader->literal_room - reader->literal_have);
        memcpy(reader->literal + reader->literal_have, reader->input + reader->start, take);
        reader->literal_have += take;
        reader->start += take;
    }
    if (reader->literal_have < reader->literal_size)
        return FALSE;
    g_ptr_array_add(reader->literals,
                    g_bytes_new_take(g_steal_pointer(&reader->literal), reader->literal_size));
    reader->is_receiving = FALSE;
    reader->line_start = reader->text->len;
    return TRUE;
}

// Takes bytes up to CRLF into text; TRUE in *is_ended when the line is whole.
static gboolean line_fill(ImapReader *reader, gboolean *is_ended, GError **error) {
    const guint8 *from = reader->input + reader->start;
    gsize length = reader->end - reader->start;
    const guint8 *feed = memchr(from, '\n', length);
    gsize take = feed != NULL ? (gsize)(feed - from) : length;
    if (memchr(from, '\0', take) != NULL)
        return garbage(error, "a zero byte in a line");
    if (reader->text->len + take > reader->limits.line)
        return garbage(error, "a line that is too long");
    g_string_append_len(reader->text, (const char *)from, (gssize)take);
    reader->start += take + (feed != NULL ? 1 : 0);
    *is_ended = feed != NULL;
    if (feed == NULL)
        return TRUE;
    GString *text = reader->text;
    if (text->len == reader->line_start || text->str[text->len - 1] != '\r')
        return garbage(error, "a line that does not end in CRLF");
    g_string_truncate(text, text->len - 1);
    return TRUE;
}

static ImapResponse *finish(ImapReader *reader, GError **error) {
    ImapResponse *response =
        imap_response_parse(reader->text, reader->ends, reader->literals, TRUE, error);
    g_string_truncate(reader->text, 0);
    g_array_set_size(reader->ends, 0);
    g_ptr_array_set_size(reader->literals, 0);
    reader->line_start = 0;
    return response;
}

ImapResponse *imap_reader_next(ImapReader *reader, GError **error) {
    for (;;) {
        if (reader->is_receiving && !literal_fill(reader))
            return NULL;
        gboolean is_ended = FALSE;
        if (!line_fill(reader, &is_ended, error) || !is_ended)
            return NULL;
        const char *line = reader->text->str + reader->line_start;
        gsize length = reader->text->len - reader->line_start;
        gboolean is_status = reader->line_start == 0 && imap_line_is_status(line, length);
        gint64 size = is_status ? -1 : announced(line, length);
        if (size == -2)
            return garbage(error, "a literal whose size is no number"), NULL;
        if (size < 0)
            return finish(reader, error);
        if (!literal_begin(reader, size, error))
            return NULL;
    }
}

ImapResponse *imap_reader_take_head(ImapReader *reader, gint64 *declared) {
    *declared = reader->declared;
    return imap_response_parse(reader->text, reader->ends, reader->literals, FALSE, NULL);
}
