// The original below a reply, and the signature, as text and as HTML. Pure. Used by
// desk/reply_prepare; what is quoted was cleaned when it came in.
#pragma once

#include "base/clock.h"
#include "model/party.h"

typedef struct {
    const Party *from; // who wrote it
    Instant written_at;
    const char *text;     // all of it
    const char *html;     // cleaned, or NULL
    const char *language; // of the reader: "fi", "sv"; others and NULL: English
} QuotedMail;

// "On 2026-11-23 at 08:03 UTC, Matti wrote:" in the reader's language.
char *reply_attribution_line(const QuotedMail *quoted) G_GNUC_WARN_UNUSED_RESULT;

// The reply's text, then signature (NULL, "": none), then the quote (NULL: none) with "> ". A
// quote is cut at 100 KiB.
char *reply_compose_text(const char *text, const char *signature,
                         const QuotedMail *quoted) G_GNUC_WARN_UNUSED_RESULT;

// The same in HTML; html is the reply's, cleaned.
char *reply_compose_html(const char *html, const char *signature,
                         const QuotedMail *quoted) G_GNUC_WARN_UNUSED_RESULT;
