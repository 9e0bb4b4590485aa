#include "model/wait_lane.h"

#include <string.h>

#include "model/wait_ending.h"
#include "model/wait_episode.h"

typedef void (*LaneStep)(WaitLane *lane, const Event *event, const WaitContext *context);

static gint64 data_int(const Event *event, const char *name, gint64 otherwise) {
    json_t *value = json_object_get(event->data, name);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static gboolean data_is_true(const Event *event, const char *name) {
    return json_is_true(json_object_get(event->data, name));
}

static const char *data_text(const Event *event, const char *name) {
    return json_string_value(json_object_get(event->data, name));
}

WaitLane *wait_lane_new(Id conversation_id) {
    WaitLane *lane = g_new0(WaitLane, 1);
    lane->conversation_id = conversation_id;
    lane->last_occurred_at = INSTANT_NONE;
    lane->snoozed_since = INSTANT_NONE;
    lane->suspended = g_ptr_array_new();
    lane->replies = g_array_new(FALSE, FALSE, sizeof(Id));
    lane->wait_list = g_ptr_array_new_with_free_func((GDestroyNotify)wait_free);
    lane->episode_list = g_ptr_array_new_with_free_func((GDestroyNotify)episode_free);
    return lane;
}

void wait_lane_free(WaitLane *lane) {
    if (lane == NULL)
        return;
    g_ptr_array_unref(lane->suspended);
    g_array_unref(lane->replies);
    g_ptr_array_unref(lane->wait_list);
    g_ptr_array_unref(lane->episode_list);
    g_free(lane);
}

static void snooze_end(WaitLane *lane, Instant at) {
    if (lane->snoozed_since == INSTANT_NONE)
        return;
    if (lane->wait != NULL) {
        lane->wait->snoozed_ms += MAX(0, at - MAX(lane->snoozed_since, lane->wait->started_at));
        lane->wait->is_changed = TRUE;
    }
    lane->snoozed_ms += at - lane->snoozed_since;
    lane->snoozed_since = INSTANT_NONE;
}

static void snooze_begin(WaitLane *lane, Instant at) {
    if (lane->snoozed_since == INSTANT_NONE)
        lane->snoozed_since = at;
}

static gint64 snoozed_until(const WaitLane *lane, Instant at) {
    gint64 running = lane->snoozed_since == INSTANT_NONE ? 0 : at - lane->snoozed_since;
    return lane->snoozed_ms + MAX(0, running);
}

static WaitMessage message_of(const WaitLane *lane, const Event *event,
                              const WaitContext *context) {
    return (WaitMessage){
        .event_id = event->id,
        .message_id = event->message_id,
        .occurred_at = event->occurred_at,
        .received_at = MAX(event->occurred_at, data_int(event, "received_at", event->occurred_at)),
        .channel_id = event->channel_id,
        .assignee_id = lane->assignee_id,
        .team_id = lane->team_id,
        .priority = lane->priority,
        .snoozed_mark = snoozed_until(lane, event->occurred_at),
        .also = context->also,
    };
}

static void wait_open(WaitLane *lane, const WaitMessage *message, const WaitContext *context) {
    Wait *wait = wait_new();
    wait->conversation_id = lane->conversation_id;
    wait->is_new = TRUE;
    wait->messages = g_array_new(FALSE, FALSE, sizeof(WaitMessage));
    g_array_append_val(wait->messages, *message);
    wait_derive(wait);
    wait_episode_take(wait, lane->episode);
    if (!context->keeps_messages)
        g_clear_pointer(&wait->messages, g_array_unref);
    g_ptr_array_add(lane->wait_list, wait);
    lane->wait = wait;
}

static void wait_join(Wait *wait, const WaitMessage *message) {
    wait->message_count++;
    wait->last_event_id = message->event_id;
    wait->last_received_at = MAX(wait->last_received_at, message->received_at);
    wait->is_changed = TRUE;
    wait_add_channels(wait, message);
    if (wait->messages != NULL)
        g_array_append_val(wait->messages, *message);
}

static void step_received(WaitLane *lane, const Event *event, const WaitContext *context) {
    if (event->actor != ACTOR_CUSTOMER || data_is_true(event, "automatic"))
        return;
    if (lane->begun_by == BEGUN_BY_NOBODY)
        lane->begun_by = BEGUN_BY_CUSTOMER;
    if (data_is_true(event, "answered") || event->occurred_at < context->waits_from)
        return;
    WaitMessage message = message_of(lane, event, context);
    if (!wait_episode_is_open(lane))
        wait_episode_begin(lane, event->id, event->occurred_at, message.channel_id,
                           lane->episodes == 0 && lane->begun_by == BEGUN_BY_US);
    if (lane->wait == NULL)
        wait_open(lane, &message, context);
    else
        wait_join(lane->wait, &message);
}

static void reply_forget(WaitLane *lane, Id message_id) {
    for (guint at = 0; at < lane->replies->len; at++)
        if (g_array_index(lane->replies, Id, at) == message_id) {
            g_array_remove_index(lane->replies, at);
            return;
        }
}

static void step_written(WaitLane *lane, const Event *event, const WaitContext *context) {
    (void)context;
    if (event->actor != ACTOR_AGENT || data_is_true(event, "forward"))
        return;
    reply_forget(lane, event->message_id);
    g_array_append_val(lane->replies, event->message_id);
}

static void step_failed(WaitLane *lane, const Event *event, const WaitContext *context) {
    (void)context;
    reply_forget(lane, event->message_id);
    wait_ending_settle(lane);
}

static gboolean automatic_of(Actor actor, Automatic *automatic) {
    static const int automatics[ACTORS] = {[ACTOR_CUSTOMER] = -1,
                                           [ACTOR_AGENT] = -1,
                                           [ACTOR_BOT] = AUTOMATIC_BOT,
                                           [ACTOR_RULE] = AUTOMATIC_RULE,
                                           [ACTOR_SYSTEM] = AUTOMATIC_RULE,
                                           [ACTOR_CAMPAIGN] = AUTOMATIC_CAMPAIGN,
                                           [ACTOR_SURVEY] = AUTOMATIC_SURVEY};
    if (automatics[actor] < 0)
        return FALSE;
    *automatic = (Automatic)automatics[actor];
    return TRUE;
}

static void automatic_note(Wait *wait, Automatic automatic, Instant at) {
    if (wait == NULL)
        return;
    WaitAutomatic sent = {automatic, at};
    if (wait->automatics == NULL)
        wait->automatics = g_array_new(FALSE, FALSE, sizeof(WaitAutomatic));
    g_array_append_val(wait->automatics, sent);
    if (wait->automatic_ms[automatic] != DURATION_NONE)
        return;
    wait->automatic_ms[automatic] = at - wait->started_at;
    wait->is_changed = TRUE;
}

static void begin_by_us(WaitLane *lane, const Event *event, const WaitContext *context) {
    if (lane->begun_by != BEGUN_BY_NOBODY || context->is_echo)
        return;
    lane->begun_by = BEGUN_BY_US;
    if (event->occurred_at >= context->waits_from)
        wait_episode_begin(lane, event->id, event->occurred_at, event->channel_id, TRUE);
}

static void step_sent(WaitLane *lane, const Event *event, const WaitContext *context) {
    reply_forget(lane, event->message_id);
    Automatic automatic;
    if (data_is_true(event, "forward")) {
        wait_ending_settle(lane);
        return;
    }
    if (automatic_of(event->actor, &automatic))
        automatic_note(lane->wait, automatic, event->occurred_at);
    if (event->actor == ACTOR_AGENT) {
        Instant written_at = data_int(event, "written_at", event->occurred_at);
        wait_ending_answer(lane, event, written_at);
    }
    wait_ending_settle(lane);
    begin_by_us(lane, event, context);
}

static void step_no_reply_needed(WaitLane *lane, const Event *event, const WaitContext *context) {
    (void)context;
    wait_ending_dismiss(lane, event);
}

static void step_snoozed(WaitLane *lane, const Event *event, const WaitContext *context) {
    (void)context;
    snooze_begin(lane, event->occurred_at);
}

static void step_unsnoozed(WaitLane *lane, const Event *event, const WaitContext *context) {
    (void)context;
    snooze_end(lane, event->occurred_at);
}

static void step_status(WaitLane *lane, const Event *event, const WaitContext *context) {
    (void)context;
    const char *to = data_text(event, "to"), *from = data_text(event, "from");
    if (g_strcmp0(to, "snoozed") == 0)
        snooze_begin(lane, event->occurred_at);
    else
        snooze_end(lane, event->occurred_at);
    if (g_strcmp0(to, "resolved") == 0)
        wait_episode_resolve(lane, event);
    else if (g_strcmp0(from, "resolved") == 0)
        wait_episode_reopen(lane, event);
}

static void id_take(const Event *event, const char *name, Id *id) {
    json_t *value = json_object_get(event->data, name);
    if (value != NULL)
        *id = json_integer_value(value);
}

static void step_assigned(WaitLane *lane, const Event *event, const WaitContext *context) {
    (void)context;
    id_take(event, "to", &lane->assignee_id);
    id_take(event, "team_to", &lane->team_id);
}

static void step_prioritised(WaitLane *lane, const Event *event, const WaitContext *context) {
    (void)context;
    lane->priority = (int)data_int(event, "to", lane->priority);
}

static const LaneStep steps[EVENT_TYPES] = {
    [EVENT_MESSAGE_RECEIVED] = step_received,
    [EVENT_REPLY_WRITTEN] = step_written,
    [EVENT_MESSAGE_SENT] = step_sent,
    [EVENT_REPLY_FAILED] = step_failed,
    [EVENT_STATUS_CHANGED] = step_status,
    [EVENT_ASSIGNED] = step_assigned,
    [EVENT_SNOOZED] = step_snoozed,
    [EVENT_UNSNOOZED] = step_unsnoozed,
    [EVENT_NO_REPLY_NEEDED] = step_no_reply_needed,
    [EVENT_PRIORITISED] = step_prioritised,
};

gboolean wait_lane_is_concerned(EventType type) {
    return steps[type] != NULL;
}

void wait_lane_step(WaitLane *lane, const Event *event, const WaitContext *context) {
    if (steps[event->type] == NULL)
        return;
    steps[event->type](lane, event, context);
    lane->last_occurred_at = event->occurred_at;
    lane->last_event_id = event->id;
}
