#include "desk/calendar_change.h"

#include "desk/record.h"
#include "store/audit.h"

static gboolean record(Db *db, Id id, Id version_id, const char *action, CalendarActor who,
                       GError **error) {
    json_t *data =
        json_pack("{s:I, s:I}", "calendar", (json_int_t)id, "version", (json_int_t)version_id);
    return record_happening(db, EVENT_CALENDAR_CHANGED, 0, who.actor, who.actor_id, data, error) &&
           audit_add(db, who.actor, who.actor_id, action, "calendar", id, NULL, error);
}

gboolean calendar_change_add(Db *db, Id id, const char *name, const CalendarVersion *first,
                             CalendarActor who, GError **error) {
    return calendar_add(db, id, name, clock_now(), error) &&
           calendar_add_version(db, id, first, error) &&
           record(db, id, first->id, "calendar_added", who, error);
}

gboolean calendar_change_add_version(Db *db, Id id, const CalendarVersion *version,
                                     CalendarActor who, GError **error) {
    return calendar_add_version(db, id, version, error) &&
           record(db, id, version->id, "calendar_changed", who, error);
}

gboolean calendar_change_rename(Db *db, Id id, const char *name, CalendarActor who,
                                GError **error) {
    return calendar_rename(db, id, name, error) &&
           record(db, id, 0, "calendar_renamed", who, error);
}

gboolean calendar_change_remove(Db *db, Id id, CalendarActor who, GError **error) {
    return calendar_remove(db, id, error) && record(db, id, 0, "calendar_removed", who, error);
}
