// Which addresses may stand in cleaned HTML. Read as browsers read them: surrounding blanks and
// control characters, and tabs and line ends anywhere, do not count. Used by html_clean and
// html_text.
#pragma once

#include <glib.h>

#define HTML_LINK_MAX 8192 // bytes; longer addresses are dropped

typedef enum {
    HTML_LINK_NONE,   // relative, unknown scheme, or forbidden
    HTML_LINK_WEB,    // http and https
    HTML_LINK_WRITE,  // mailto and tel
    HTML_LINK_INLINE, // cid
    HTML_LINK_IMAGE,  // data: of a raster image in base64
} HtmlLinkKind;

// The address as it may be written out, owned by the caller; NULL with HTML_LINK_NONE.
char *html_link_parse(const char *address, HtmlLinkKind *kind) G_GNUC_WARN_UNUSED_RESULT;
