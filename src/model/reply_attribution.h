// Lines that announce a quote: "On 3 April 2012 at 16:19, Bob <bob@example.com> wrote:" in the
// languages of the table in the body. Used by reply_text.
#pragma once

#include "model/reply_line.h"

typedef enum {
    ATTRIBUTION_NONE,
    ATTRIBUTION_WEAK,   // counts only right above lines that begin with ">"
    ATTRIBUTION_STRONG, // says when and who: what follows is a quote even without marks
} AttributionStrength;

// Looks at an announcement that ends on line end and begins not before line first; *start becomes
// its first line. Looks at no more than 6 lines.
AttributionStrength reply_attribution_match(const GArray *lines, guint first, guint end,
                                            guint *start);
