// The table of due times, kept in step with the event log within the writer's job (metrics.md "SLA
// policies"), as part of the projection of waits: desk/wait_projection and desk/wait_folder call
// it. What it leaves is always what a rebuild from all events would leave, byte for byte.
#pragma once

#include "model/event.h"
#include "store/calendar.h"
#include "store/db.h"

// What many conversations are judged with.
typedef struct {
    Db *db;
    GPtrArray *versions; // of SlaVersion; NULL: there never was a policy, and nothing is to be done
    CalendarShelf *calendars; // borrowed
} SlaFolder;

// since: policies that ended before are not looked at; INSTANT_NONE: all.
gboolean sla_folder_init(SlaFolder *folder, Db *db, CalendarShelf *calendars, Instant since,
                         GError **error);
void sla_folder_clear(SlaFolder *folder);

// Makes all rows of these conversations anew; their waits and episodes stand. family: of Id, all
// that are linked; events: of Event, all of theirs.
gboolean sla_folder_fold(SlaFolder *folder, const GArray *family, const GPtrArray *events,
                         GError **error);

// After the event and what it did to the waits, where nothing had to be folded again.
gboolean sla_projection_step(Db *db, const Event *event, GError **error);

// After a calendar has got a version that is valid from then on; after a policy was changed.
gboolean sla_projection_follow_calendar(Db *db, Id calendar_id, Instant valid_from, GError **error);
gboolean sla_projection_follow_policy(Db *db, GError **error);

// A policy's change reaches a few conversations at once and the others in batches: judges at most
// limit of those that are left. The main thread's agenda.
gboolean sla_projection_go_on(Db *db, guint limit, GError **error);

// The same for one conversation, should it be left.
gboolean sla_projection_catch_up(Db *db, Id conversation_id, GError **error);
