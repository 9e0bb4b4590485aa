// Filters a style attribute: only properties on an allow-list, only values made of plain words,
// numbers, colours and rgb() or hsl(). Nothing that loads (url, image-set, @import), runs
// (expression, behavior) or leaves its place (position, transform, z-index) gets through. Used by
// html_clean.
#pragma once

#include <glib.h>

#define HTML_STYLE_MAX 4096 // bytes of a style attribute that are read

// The declarations that remain, "a:b;c:d"; owned by the caller; NULL when none does.
// *remote, when not NULL, is counted up for each value that would have loaded something.
char *html_style_filter(const char *style, guint *remote) G_GNUC_WARN_UNUSED_RESULT;

// True when the style hides the element: display:none, visibility:hidden, font-size:0,
// max-height:0, opacity:0, mso-hide:all.
gboolean html_style_is_hidden(const char *style);
