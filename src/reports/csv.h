// CSV by RFC 4180: CRLF, quotes where needed, UTF-8; instants ISO 8601 with zone, durations in
// seconds with three decimals. Texts that a spreadsheet would take for a formula get an apostrophe
// before them (reliability.md I04). Used by every report. Pure.
#pragma once

#include "base/id.h"

// Each adds one cell to the line that is being written.
void csv_add_text(GString *csv, const char *text); // NULL: empty
void csv_add_int(GString *csv, gint64 value);
void csv_add_id(GString *csv, Id id);                     // 0: empty
void csv_add_duration(GString *csv, gint64 milliseconds); // DURATION_NONE: empty
void csv_add_instant(GString *csv, Instant instant);      // INSTANT_NONE: empty
void csv_end_line(GString *csv);

// "3599.999"; for other writers of seconds. Owned.
char *csv_duration_text(gint64 milliseconds) G_GNUC_WARN_UNUSED_RESULT;
