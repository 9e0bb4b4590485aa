// A line of a mail's text as reply_text looks at it, and the questions that its parts share. Lines
// point into the text; nothing is copied until a line looks interesting.
#pragma once

#include <glib.h>

typedef struct {
    const char *start;
    gsize length; // without the line end, without blanks at its end
} ReplyLine;

// An array of ReplyLine over text, which it borrows.
GArray *reply_lines_split(const char *text) G_GNUC_WARN_UNUSED_RESULT;

gboolean reply_line_is_blank(const ReplyLine *line);

// Begins with '>' after at most three blanks; ">From " of mbox files is not a quote.
gboolean reply_line_is_quoted(const ReplyLine *line);

// Only dashes, underscores, equal signs or asterisks, at least minimum of them.
gboolean reply_line_is_rule(const ReplyLine *line, gsize minimum);

// Lower case, blanks (also no-break ones) collapsed and trimmed; NULL when longer than limit bytes.
// Owned by the caller.
char *reply_line_fold(const ReplyLine *line, gsize limit) G_GNUC_WARN_UNUSED_RESULT;

// True when text holds word, with no letter or digit at either side of it. Words of scripts that
// write no blanks are found anywhere.
gboolean reply_text_has_word(const char *text, const char *word);
