// Base subjects (RFC 5256 section 2.1): a subject without reply and forward marks. Conversations of
// one customer with the same base subject are offered to the agent for joining; a subject never
// joins by itself. Pure.
#pragma once

#include <glib.h>

// The base subject of a decoded subject. Beside the RFC's re, fw and fwd it knows the marks of
// Finnish, Swedish and other mail programs (VS, SV, AW ...). A leading [tag] that stands before no
// mark is kept: list and project tags tell subjects apart. is_reply_or_forward may be NULL.
char *base_subject(const char *subject, gboolean *is_reply_or_forward) G_GNUC_WARN_UNUSED_RESULT;
