// A part's body: transfer encoding undone, text in UTF-8, flowed lines joined. Used by the mail
// decoder only. Never fails: what cannot be decoded comes out as well as it can.
#pragma once

#include "mime/part_tree.h"

// The decoded bytes; identity encodings share raw's memory where the part lies in it.
GBytes *part_body_decode(const MailPart *part, GBytes *raw) G_GNUC_WARN_UNUSED_RESULT;

// The body as UTF-8 with LF line ends, at most MAIL_TEXT_BYTES_MAXIMUM; format=flowed (RFC 3676) is
// joined into paragraphs. For text/html without a declared charset its meta element counts.
char *part_body_text(const MailPart *part, GBytes *raw) G_GNUC_WARN_UNUSED_RESULT;

// Joins flowed lines (RFC 3676); text has LF line ends.
char *text_unflow(const char *text, gboolean delete_space) G_GNUC_WARN_UNUSED_RESULT;
