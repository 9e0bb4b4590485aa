// Notices: what an agent should hear of without looking: a mention, an assignment, a reply that
// failed, a snooze that ended, news in a conversation that they follow. Made from events as these
// are recorded, for those alone who may see the conversation. Also who follows by taking part.
// Writer jobs only; told by desk/live_notices.
#pragma once

#include "model/event.h"
#include "store/db.h"

// What the event makes known and to whom; for desk/record.
gboolean notice_apply(Db *db, const Event *event, GError **error);

// One notice to one agent about the event, unless the conversation is hidden from them or they did
// it themselves.
gboolean notice_add(Db *db, Id agent_id, const char *kind, const Event *event, GError **error);

// Explicit: what somebody chose stays, whatever happens later.
gboolean notice_follow(Db *db, Id conversation_id, Id agent_id, gboolean is_following,
                       GError **error);

// Forgets read ones after 30 days and all after 180, at most limit.
gboolean notice_prune(Db *db, Instant now, guint limit, GError **error);
