// The clocks. Read by desk, store, api and the main programs; model and the codecs never look at a
// clock, they take instants as arguments. Instants are signed milliseconds since
// 1970-01-01T00:00:00Z (metrics.md).
#pragma once

#include <glib.h>

typedef gint64 Instant; // milliseconds since the epoch, UTC

#define INSTANT_NONE G_MININT64 // absent; NULL in the store

// Wall clock. Any thread.
Instant clock_now(void);

// For time-outs and leases within this process: never jumps. Milliseconds from an arbitrary start.
// Any thread.
gint64 clock_monotonic(void);

// Fixes the wall clock for tests and the demo; INSTANT_NONE lets it run again.
void clock_fix(Instant now);

// ISO 8601 UTC with milliseconds: 2026-11-23T06:03:30.123Z.
char *instant_format(Instant instant) G_GNUC_WARN_UNUSED_RESULT;

// ISO 8601 with zone or Z, or INSTANT_NONE with an error (invalid).
Instant instant_parse(const char *text, GError **error);
