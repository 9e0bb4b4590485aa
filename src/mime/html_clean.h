// Makes a stranger's HTML safe to show: an HTML5 tree is built, only what an allow-list names is
// written out again (ui.md 2.1, reliability.md H01-H10). Used by the mail decoder, for replies
// before they are sent, and for everything that the page shows. Remote images are not loaded: their
// address waits in data-src. Not a replacement for the page's content security policy.
#pragma once

#include <glib.h>

typedef struct {
    guint remote_images; // img of http and https, now data-src; and backgrounds, dropped
    guint inline_images; // img of cid:, kept
    guint links;         // a with an address that was kept
    guint dropped;       // elements and attributes that the allow-list does not name and that could
                         // act: scripts, handlers, forms, frames, forbidden addresses
    gboolean is_fallback; // too deep or too large to parse: the text alone, in one pre element
} HtmlCleanFacts;

// The cleaned body as an HTML fragment in UTF-8; owned by the caller, never NULL, "" for nothing.
// facts may be NULL. Pure; cleaning its own result gives the same again. Any thread.
char *html_clean(const char *html, gsize length, HtmlCleanFacts *facts) G_GNUC_WARN_UNUSED_RESULT;
