// What administrators do to calendars, as writer jobs: rows, event and audit row. Used by
// api/calendars. A version is added, never changed; business times are measured again by the event.
#pragma once

#include "model/event.h"
#include "store/calendar.h"

typedef struct {
    Actor actor;
    Id actor_id;
} CalendarActor;

// A new calendar with its first version.
gboolean calendar_change_add(Db *db, Id id, const char *name, const CalendarVersion *first,
                             CalendarActor who, GError **error);

// Another version.
gboolean calendar_change_add_version(Db *db, Id id, const CalendarVersion *version,
                                     CalendarActor who, GError **error);

gboolean calendar_change_rename(Db *db, Id id, const char *name, CalendarActor who, GError **error);

// conflict while a channel uses it.
gboolean calendar_change_remove(Db *db, Id id, CalendarActor who, GError **error);
