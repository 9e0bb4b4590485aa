// Where the signature of a mail begins: behind "-- ", at "Sent from my iPhone", at a mailing list's
// footer. A closing ("Best regards, Bob") is not one: it stays. Used by reply_text.
#pragma once

#include "model/reply_line.h"

// The first line of the signature within lines start to end (excluded), or end when there is none.
guint reply_signature_find(const GArray *lines, guint start, guint end);
