// Bounces that are told in prose: qmail, Exchange, Exim, sendmail, Gmail and the like. Recognises
// them and finds the failed recipients by tables of phrases. Used by the mail decoder only. Linear
// in the text, which it reads at most 64 KiB of.
#pragma once

#include "model/incoming.h"

// Whether the subject, or the text before a returned original, speaks of a mail that was not
// delivered.
gboolean bounce_text_in_subject(const char *subject);
gboolean bounce_text_in_body(const char *text);

// Whether the writer is a mail system: "mailer-daemon", "postmaster", ... by address or name.
gboolean bounce_text_is_daemon(const Party *from);
gboolean bounce_text_is_postmaster(const Party *from);

// Whether the text before a returned original bears what only mail systems write: reply codes.
gboolean bounce_text_has_proof(const char *text);

// Whether it tells of a delay only.
gboolean bounce_text_is_delay(const char *subject, const char *text);

// Adds the failed recipients that the text names to mail's reports, and finds what it is about.
void bounce_text_read(Incoming *incoming);
