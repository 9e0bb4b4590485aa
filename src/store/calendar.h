// Calendars and their versions as rows. Read by the wait projection, reports and api; written by
// desk/calendar_change within writer jobs. Versions are added, never changed.
#pragma once

#include "model/calendar.h"
#include "store/db.h"

// Adds the calendar without a version. conflict when the name is taken.
gboolean calendar_add(Db *db, Id id, const char *name, Instant now, GError **error);
gboolean calendar_rename(Db *db, Id id, const char *name, GError **error);

// Removes it with its versions; conflict when a channel or an agent uses it, not_found.
gboolean calendar_remove(Db *db, Id id, GError **error);

// Adds a version of a calendar. conflict when another version is valid from the same instant.
gboolean calendar_add_version(Db *db, Id calendar_id, const CalendarVersion *version,
                              GError **error);

// The calendar with all its versions. NULL with an error (not_found).
Calendar *calendar_get(Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// All of them, by name; of Calendar.
GPtrArray *calendar_list(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Calendars, by channel or by id, each read once: for work on many rows within one job or snapshot.
// One thread.
typedef struct CalendarShelf CalendarShelf;

CalendarShelf *calendar_shelf_new(Db *db) G_GNUC_WARN_UNUSED_RESULT;
void calendar_shelf_free(CalendarShelf *shelf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CalendarShelf, calendar_shelf_free)

// The calendar of that id, borrowed from the shelf. NULL with an error (not_found).
const Calendar *calendar_shelf_get(CalendarShelf *shelf, Id id, GError **error);

// The channel's calendar in *calendar, or NULL where it has none; borrowed from the shelf. FALSE
// with an error.
gboolean calendar_shelf_find(CalendarShelf *shelf, Id channel_id, const Calendar **calendar,
                             GError **error);
