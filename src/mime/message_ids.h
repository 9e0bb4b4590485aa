// Message-ID, In-Reply-To, References: lists of ids out of whatever stands there
// (channels.md 17.1). Used by the mail decoder only. Never fails.
#pragma once

#include <glib.h>

// Ids without <>, in the order written, at most maximum, the newest (last) kept; without
// repetition. Junk words and comments are passed over; where nothing stands in <>, words with "@"
// count.
char **message_ids_parse(const char *value, guint maximum) G_GNUC_WARN_UNUSED_RESULT;

// The one id of a Message-ID header: what stands in <>, else all of it without blanks; NULL when
// empty.
char *message_id_parse(const char *value) G_GNUC_WARN_UNUSED_RESULT;
