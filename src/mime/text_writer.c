#include "mime/text_writer.h"

#include <string.h>

#define LINE_ENDS_MAX 3 // two blank lines say all that twenty do

void text_writer_init(TextWriter *writer) {
    *writer = (TextWriter){.out = g_string_new(NULL), .at_start = TRUE};
}

static void write_prefix(TextWriter *writer) {
    for (guint at = 0; at < writer->quotes; at++) {
        g_string_append(writer->out, "> ");
    }
    writer->at_start = FALSE;
}

static void trim_line(TextWriter *writer) {
    while (writer->out->len > 0 && writer->out->str[writer->out->len - 1] == ' ') {
        g_string_truncate(writer->out, writer->out->len - 1);
    }
}

static void write_line_end(TextWriter *writer) {
    if (writer->at_start) {
        write_prefix(writer);
    }
    trim_line(writer);
    g_string_append_c(writer->out, '\n');
    writer->at_start = TRUE;
}

// Pays what is owed before a word.
static void write_owed(TextWriter *writer) {
    gboolean first = writer->out->len == 0;
    for (; writer->line_ends > 0; writer->line_ends--) {
        if (!first) {
            write_line_end(writer);
        }
    }
    if (writer->at_start) {
        write_prefix(writer);
    } else if (writer->joint) {
        g_string_append(writer->out, writer->joint);
    } else if (writer->blank) {
        g_string_append_c(writer->out, ' ');
    }
    writer->blank = FALSE;
    writer->filled = FALSE;
    writer->joint = NULL;
}

static void add_preformatted(TextWriter *writer, const char *text) {
    for (; *text; text++) {
        if (*text == '\n') {
            write_owed(writer);
            write_line_end(writer);
        } else if (*text != '\r') {
            write_owed(writer);
            g_string_append_c(writer->out, *text);
        }
    }
}

// Blanks of HTML, and the no-break space, which in text is an ordinary one. Zero-width fillers of
// preheaders are nothing.
static gsize blank_length(const char *text) {
    if (*text && strchr(" \t\r\n\f", *text)) {
        return 1;
    }
    return (guchar)text[0] == 0xc2 && (guchar)text[1] == 0xa0 ? 2 : 0;
}

static gsize filler_length(const char *text) {
    static const char *const fillers[] = {"\xe2\x80\x8b", "\xe2\x80\x8c", "\xef\xbb\xbf",
                                          "\xc2\xad", "\xcd\x8f"};
    for (gsize at = 0; (guchar)*text >= 0xc2 && at < G_N_ELEMENTS(fillers); at++) {
        gsize length = strlen(fillers[at]);
        if (strncmp(text, fillers[at], length) == 0) {
            return length;
        }
    }
    return 0;
}

void text_writer_add(TextWriter *writer, const char *text) {
    if (writer->preformatted > 0) {
        add_preformatted(writer, text);
        return;
    }
    while (*text) {
        gsize blank = blank_length(text);
        gsize skip = blank > 0 ? blank : filler_length(text);
        if (skip > 0) {
            writer->blank |= blank > 0;
            writer->filled |= blank == 2 && (writer->at_start || writer->line_ends > 0);
            text += skip;
            continue;
        }
        write_owed(writer);
        g_string_append_c(writer->out, *text++);
    }
}

void text_writer_mark(TextWriter *writer, const char *mark) {
    write_owed(writer);
    g_string_append(writer->out, mark);
}

void text_writer_break_line(TextWriter *writer) {
    writer->line_ends = MIN(writer->line_ends + 1, LINE_ENDS_MAX);
    writer->filled = FALSE;
    writer->blank = FALSE;
    writer->joint = NULL;
}

void text_writer_end_line(TextWriter *writer, guint count) {
    guint owed = writer->at_start && count > 0 ? count - 1 : count;
    if (writer->filled) {
        text_writer_break_line(writer);
    }
    writer->line_ends = MAX(writer->line_ends, owed);
    writer->blank = FALSE;
    writer->joint = NULL;
}

char *text_writer_finish(TextWriter *writer) {
    GString *out = writer->out;
    while (out->len > 0 && strchr(" \n", out->str[out->len - 1])) {
        g_string_truncate(out, out->len - 1);
    }
    return g_string_free(g_steal_pointer(&writer->out), FALSE);
}
