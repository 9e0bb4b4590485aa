// Builds plain text line by line: collapses blanks as HTML does, puts "> " before quoted lines, and
// keeps blank lines apart from each other. Used by html_text only.
#pragma once

#include <glib.h>

typedef struct {
    GString *out;
    guint quotes;       // how many "> " a line begins with
    guint preformatted; // > 0: blanks and line ends count
    guint line_ends;    // owed before the next word
    gboolean at_start;  // of a line: its prefix is not written yet
    gboolean blank;     // owed between words
    gboolean filled;    // only no-break spaces stand on the present line: it is meant to be empty
    const char *joint;  // owed before the next word on the same line, e.g. between cells; or NULL
} TextWriter;

void text_writer_init(TextWriter *writer);

// Text as it stands in HTML.
void text_writer_add(TextWriter *writer, const char *text);

// Characters that are not collapsed: bullets, brackets.
void text_writer_mark(TextWriter *writer, const char *mark);

// The next word begins a new line, with count - 1 blank lines before it.
void text_writer_end_line(TextWriter *writer, guint count);

// One more line end, as br: two of them make a blank line.
void text_writer_break_line(TextWriter *writer);

// Takes the text: without blank lines at its ends. Owned by the caller.
char *text_writer_finish(TextWriter *writer) G_GNUC_WARN_UNUSED_RESULT;
