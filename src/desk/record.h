// Recording what happened: the one way for desk/ to append an event. Gives it its id and dense
// sequence, stores it and applies the projections (waits). Writer jobs only.
#pragma once

#include "model/event.h"
#include "store/db.h"

// A new event with fresh id and recorded_at; occurred_at is now. data is taken, NULL means {}.
Event *event_new(EventType type, Id conversation_id, Actor actor, Id actor_id,
                 json_t *data) G_GNUC_WARN_UNUSED_RESULT;

// Stores the event (setting seq) and folds it into the projections.
gboolean record_event(Db *db, Event *event, GError **error);

// Makes, records and frees an event that occurred now.
gboolean record_happening(Db *db, EventType type, Id conversation_id, Actor actor, Id actor_id,
                          json_t *data, GError **error);
