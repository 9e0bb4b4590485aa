// Says once of each target that it is at risk, and that it was missed: events for rules, web hooks
// and the timeline. What was missed is known without them (model/sla_clock.h): after a stop they
// are made up for, and never twice. Writer jobs.
#pragma once

#include "store/db.h"

// At most limit warnings and limit breaches, the oldest first. The main thread's agenda.
gboolean sla_notice_record(Db *db, Instant now, guint limit, GError **error);
