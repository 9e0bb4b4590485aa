// The lines that mail programs put above a mail that they quote or forward without marks: "-----
// Original Message -----", "From: ... Sent: ... Subject: ..." in the languages of the tables in the
// body. Used by reply_text.
#pragma once

#include "model/reply_line.h"

typedef enum {
    DELIMITER_NONE,
    DELIMITER_ORIGINAL,   // a quoted mail follows
    DELIMITER_FORWARDED,  // a forwarded mail follows
    DELIMITER_REPLY_LINE, // "reply above this line": nothing below is new
} DelimiterKind;

DelimiterKind reply_delimiter_match(const ReplyLine *line);

// A block of header lines that begins on line at; *end becomes the line behind it. after_delimiter
// says that a delimiter stands above, so that less is asked of it.
gboolean reply_headers_match(const GArray *lines, guint at, gboolean after_delimiter, guint *end);
