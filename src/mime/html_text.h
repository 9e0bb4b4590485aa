// HTML as readable plain text: what search indexes, what lists show and what reply_text splits.
// Paragraphs and list items become lines, quotes get "> ", links keep their address where it says
// more than their text. Scripts, styles and hidden elements (preheaders) are left out.
#pragma once

#include <glib.h>

// Owned by the caller, never NULL, UTF-8 with \n line ends, no blank lines at either end. Pure. Any
// thread.
char *html_text(const char *html, gsize length) G_GNUC_WARN_UNUSED_RESULT;

// The fallback of both html_text and html_clean for markup that is not parsed: tags and the
// contents of script and style cut out in one pass, the common entities decoded. Same contract.
char *html_strip(const char *html, gsize length) G_GNUC_WARN_UNUSED_RESULT;
