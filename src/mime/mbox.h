// Mailbox files in mbox form, split into mails as bytes come: a "From " line after an empty one
// begins a mail, and quoting of such lines within is undone. Used by dialogctl import. Pure; holds
// one mail at most, and of that no more than a limit.
#pragma once

#include "base/clock.h"

typedef enum {
    MBOX_RD, // every ">From ", ">>From " ... loses one > (mboxrd: no information is lost)
    MBOX_O,  // only ">From " does (the old form, where ">>From " was a quoted mail's)
} MboxQuoting;

// size is the mail's own, bytes its first limit bytes at most. arrived_at is the From line's time
// (UTC unless it bears a zone), or INSTANT_NONE. FALSE with an error ends the reading.
typedef gboolean (*MboxFound)(GBytes *bytes, gsize size, Instant arrived_at, gpointer data,
                              GError **error);

typedef struct MboxReader MboxReader;

MboxReader *mbox_reader_new(MboxQuoting quoting, gsize limit, MboxFound found,
                            gpointer data) G_GNUC_WARN_UNUSED_RESULT;
void mbox_reader_free(MboxReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MboxReader, mbox_reader_free)

gboolean mbox_reader_feed(MboxReader *reader, const char *bytes, gsize length, GError **error);

// The file is at its end: the last mail is whole.
gboolean mbox_reader_finish(MboxReader *reader, GError **error);

// A line that begins a mail, "From address Thu Jan  1 00:00:00 1970"; without line end. Exposed for
// tests.
gboolean mbox_line_begins(const char *line, gsize length, Instant *arrived_at);
