// The lines that mail programs put above a mail that they quote or forward without marks: "-----
// Original Message -----", "From: ... Sent: ... Subject: ..." in the languages of the tables in the
// body. Used by reply_text, and by mime/forwarded to find the original sender.
#pragma once

#include "model/reply_line.h"

typedef enum {
    DELIMITER_NONE,
    DELIMITER_ORIGINAL,   // a quoted mail follows
    DELIMITER_FORWARDED,  // a forwarded mail follows
    DELIMITER_REPLY_LINE, // "reply above this line": nothing below is new
} DelimiterKind;

// What a quoted header line names; bits.
enum { HEADER_FROM = 1, HEADER_DATE = 2, HEADER_TO = 4, HEADER_SUBJECT = 8, HEADER_OTHER = 16 };

// One of these, or 0 when the line is no header line in any of the languages.
guint reply_header_kind(const ReplyLine *line);

DelimiterKind reply_delimiter_match(const ReplyLine *line);

// A block of header lines that begins on line at; *end becomes the line behind it. after_delimiter
// says that a delimiter stands above, so that less is asked of it.
gboolean reply_headers_match(const GArray *lines, guint at, gboolean after_delimiter, guint *end);
