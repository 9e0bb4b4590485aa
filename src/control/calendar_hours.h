// Opening hours as people write them on a command line, made into the JSON of the API. Used by
// control/calendar alone. Reads the file of holidays; checks no more than it must to translate.
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct {
    const char *const *hours;      // "mon-fri 08:00-11:30 12:00-16:00, sat 10:00-14:00"; NULL-ended
    const char *const *exceptions; // "2026-12-24 09:00-12:00", "2026-07-01..2026-07-31"
    const char *holidays_file;     // or NULL
    gboolean has_finland;
    gboolean has_eves;
} CalendarHoursText;

// NULL with an error (invalid) that quotes what was not understood.
json_t *calendar_hours_read(const CalendarHoursText *text,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
