#include "desk/wait_projection.h"

#include "desk/wait_folder.h"
#include "model/conversation_history.h"

static gboolean fold_again(Db *db, Id conversation_id, GError **error) {
    return wait_folder_fold_all(db, &conversation_id, 1, error);
}

static gboolean is_in_order(const WaitPlace *place, const Event *event) {
    const WaitLane *lane = place->lane;
    return !place->is_known || lane->last_occurred_at < event->occurred_at ||
           (lane->last_occurred_at == event->occurred_at && lane->last_event_id < event->id);
}

static gboolean place_save(Db *db, const WaitPlace *place, GError **error) {
    const WaitLane *lane = place->lane;
    Instant since = lane->wait == NULL ? INSTANT_NONE : lane->wait->started_at;
    g_autoptr(CalendarShelf) calendars = calendar_shelf_new(db);
    return wait_lane_save(db, lane, FALSE, calendars, error) &&
           (since == place->waiting_since ||
            wait_set_waiting_since(db, lane->conversation_id, since, error));
}

// The ordinary case: steps the lane from where it stands.
static gboolean step(Db *db, const Event *event, GError **error) {
    g_auto(WaitPlace) place = {0};
    if (!wait_place_load(db, event->conversation_id, event->channel_id, &place, error))
        return FALSE;
    if (place.is_complex || !is_in_order(&place, event))
        return fold_again(db, event->conversation_id, error);
    WaitContext context = {.waits_from = place.waits_from};
    wait_lane_step(place.lane, event, &context);
    if (place.lane->needs_fold)
        return fold_again(db, event->conversation_id, error);
    return place_save(db, &place, error) && sla_projection_step(db, event, error);
}

static gint64 data_int(const Event *event, const char *name) {
    return json_integer_value(json_object_get(event->data, name));
}

static gboolean link_and_fold(Db *db, const Event *event, const char *name, GError **error) {
    return wait_link_add(db, event->conversation_id, data_int(event, name), error) &&
           fold_again(db, event->conversation_id, error);
}

static gboolean measure_again(Db *db, const Event *event, GError **error) {
    Instant valid_from;
    gboolean found;
    if (!db_query_int(db, "SELECT valid_from FROM calendar_version WHERE id = $1",
                      DB_VALUES(DB_ID(data_int(event, "version"))), &valid_from, &found, error))
        return FALSE;
    Id calendar_id = data_int(event, "calendar");
    return !found || (wait_measure_again(db, calendar_id, valid_from, error) &&
                      sla_projection_follow_calendar(db, calendar_id, valid_from, error));
}

// Rare and slow: every conversation that ever had a message through the channel.
static gboolean fold_channel(Db *db, const Event *event, GError **error) {
    if (!json_is_true(json_object_get(event->data, "waits")))
        return TRUE;
    g_autoptr(GArray) conversations =
        wait_id_list(db_query(db,
                              "SELECT DISTINCT conversation_id FROM event WHERE channel_id = $1"
                              " AND conversation_id IS NOT NULL",
                              DB_VALUES(DB_ID(data_int(event, "channel"))), error),
                     error);
    return conversations != NULL &&
           wait_folder_fold_all(db, (const Id *)(gconstpointer)conversations->data,
                                conversations->len, error);
}

gboolean wait_projection_apply(Db *db, const Event *event, GError **error) {
    if (event->type == EVENT_CALENDAR_CHANGED)
        return measure_again(db, event, error);
    if (event->type == EVENT_CHANNEL_CHANGED)
        return fold_channel(db, event, error);
    if (event->type == EVENT_MERGED || event->type == EVENT_UNMERGED || event->type == EVENT_JOINED)
        return link_and_fold(db, event, "from", error);
    if (event->type == EVENT_SPLIT || event->type == EVENT_UNSPLIT)
        return link_and_fold(db, event, "to", error);
    if (event->type == EVENT_SLA_POLICY_CHANGED)
        return sla_projection_follow_policy(db, error);
    if (event->conversation_id == 0)
        return TRUE;
    if (event->type == EVENT_ALSO_DELIVERED || event->type == EVENT_CALL_REVOKED)
        return fold_again(db, event->conversation_id, error);
    if (wait_lane_is_concerned(event->type))
        return step(db, event, error);
    return !conversation_history_is_concerned(event->type) || sla_projection_step(db, event, error);
}
