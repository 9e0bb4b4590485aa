#include "desk/record.h"

#include "desk/notice.h"
#include "desk/read_projection.h"
#include "desk/wait_projection.h"
#include "store/event.h"

Event *event_new(EventType type, Id conversation_id, Actor actor, Id actor_id, json_t *data) {
    Event *event = g_new0(Event, 1);
    event->id = id_next();
    event->type = type;
    event->conversation_id = conversation_id;
    event->actor = actor;
    event->actor_id = actor_id;
    event->occurred_at = event->recorded_at = clock_now();
    event->data = data;
    return event;
}

gboolean record_event(Db *db, Event *event, GError **error) {
    return event_add(db, event, error) && wait_projection_apply(db, event, error) &&
           notice_apply(db, event, error) && read_projection_apply(db, event, error);
}

gboolean record_happening(Db *db, EventType type, Id conversation_id, Actor actor, Id actor_id,
                          json_t *data, GError **error) {
    g_autoptr(Event) event = event_new(type, conversation_id, actor, actor_id, data);
    return record_event(db, event, error);
}
