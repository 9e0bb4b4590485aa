#include "desk/sla_notice.h"

#include "desk/record.h"
#include "store/sla_due.h"

static json_t *id_json(Id id) {
    return id != 0 ? json_integer(id) : json_null();
}

static gboolean record(Db *db, EventType type, const SlaNews *news, GError **error) {
    json_t *data = json_pack("{s:I, s:s, s:I, s:I}", "subject", (json_int_t)news->subject_id,
                             "target", sla_target_name(news->target), "policy",
                             (json_int_t)news->policy_id, "due_at", (json_int_t)news->due_at);
    if (type == EVENT_SLA_BREACHED) {
        json_object_set_new(data, "assignee", id_json(news->assignee_id));
        json_object_set_new(data, "team", id_json(news->team_id));
    }
    g_autoptr(Event) event = event_new(type, news->conversation_id, ACTOR_SYSTEM, 0, data);
    event->occurred_at = news->at;
    return record_event(db, event, error);
}

static gboolean record_all(Db *db, EventType type, Instant now, guint limit, GError **error) {
    g_autoptr(GArray) list = sla_news_list(db, type, now, limit, error);
    if (list == NULL)
        return FALSE;
    for (guint at = 0; at < list->len; at++)
        if (!record(db, type, &g_array_index(list, SlaNews, at), error))
            return FALSE;
    return TRUE;
}

gboolean sla_notice_record(Db *db, Instant now, guint limit, GError **error) {
    return record_all(db, EVENT_SLA_WARNED, now, limit, error) &&
           record_all(db, EVENT_SLA_BREACHED, now, limit, error);
}
