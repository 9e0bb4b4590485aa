// Splits the plain text of a mail into what its writer wrote now, what is quoted, and the
// signature. Used by the mail decoder on text and on html_text's result. Rather shows a quote than
// loses a word: whatever is not surely quoted counts as new. Pure, in linear time, without regular
// expressions.
#pragma once

#include <glib.h>

typedef struct {
    char *new_text; // never NULL. The same as the text when nothing was cut; answers between quotes
                    // keep the quotes between them. "" when the mail only quotes
    char *quoted;   // what was cut as quoted, with its attribution lines, or NULL
    char *signature; // what was cut as signature, with its delimiter, or NULL
} ReplyText;

// text is UTF-8; CR LF counts as LF. Blank lines at both ends of each part and
// blanks at line ends are trimmed.
ReplyText *reply_text_split(const char *text) G_GNUC_WARN_UNUSED_RESULT;
void reply_text_free(ReplyText *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReplyText, reply_text_free)
