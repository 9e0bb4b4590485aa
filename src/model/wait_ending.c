#include "model/wait_ending.h"

Episode *wait_ending_find_episode(const WaitLane *lane, Id id) {
    for (guint at = lane->episode_list->len; at > 0; at--) {
        Episode *episode = g_ptr_array_index(lane->episode_list, at - 1);
        if (episode->id == id)
            return episode;
    }
    return NULL;
}

// How things stand at the end of a wait: when it is answered, or was resolved.
static void wait_note_end(const WaitLane *lane, Wait *wait, Instant at) {
    wait->assignee_at_end = lane->assignee_id;
    wait->team_at_end = lane->team_id;
    if (lane->snoozed_since != INSTANT_NONE)
        wait->snoozed_ms += MAX(0, at - MAX(lane->snoozed_since, wait->started_at));
    wait->is_changed = TRUE;
}

static void wait_end(Wait *wait, WaitState state, Instant at, Id event_id) {
    wait->state = state;
    wait->ended_at = at;
    wait->ended_event_id = event_id;
    wait->resolved_event_id = 0;
    wait->resolved_at = INSTANT_NONE;
    wait->is_changed = TRUE;
}

void wait_ending_settle(WaitLane *lane) {
    if (lane->replies->len > 0)
        return;
    for (guint at = 0; at < lane->suspended->len; at++) {
        Wait *wait = g_ptr_array_index(lane->suspended, at);
        wait_end(wait, WAIT_DISMISSED, wait->resolved_at, wait->resolved_event_id);
    }
    g_ptr_array_set_size(lane->suspended, 0);
}

static void episode_note_answer(WaitLane *lane, const Wait *wait) {
    Episode *episode = wait_ending_find_episode(lane, wait->episode_id);
    if (wait->kind != WAIT_FIRST || episode == NULL)
        return;
    episode->first_response_ms = wait->ended_at - wait->started_at;
    episode->is_changed = TRUE;
}

static void wait_answer(WaitLane *lane, Wait *wait, const Event *event) {
    wait_end(wait, WAIT_ANSWERED, event->occurred_at, event->id);
    wait->answering_message_id = event->message_id;
    wait->answered_by = event->actor_id;
    wait->answering_channel_id = event->channel_id;
    json_t *written = json_object_get(event->data, "written_at");
    if (json_is_integer(written))
        wait->delivery_lag_ms = MAX(0, event->occurred_at - json_integer_value(written));
    episode_note_answer(lane, wait);
}

static void suspended_answer(WaitLane *lane, const Event *event, Instant written_at) {
    for (guint at = 0; at < lane->suspended->len;) {
        Wait *wait = g_ptr_array_index(lane->suspended, at);
        WaitCover cover = wait_cover(wait, written_at);
        if (cover == COVERS_NONE || cover == COVERS_UNKNOWN) {
            lane->needs_fold |= cover == COVERS_UNKNOWN;
            at++;
            continue;
        }
        Wait *rest = NULL;
        if (cover == COVERS_SOME) {
            rest = wait_split_uncovered(
                lane, wait, wait_ending_find_episode(lane, wait->episode_id), written_at);
            rest->resolved_at = wait->resolved_at;
            rest->resolved_event_id = wait->resolved_event_id;
            wait_note_end(lane, rest, rest->resolved_at);
        }
        wait_answer(lane, wait, event);
        if (rest == NULL)
            g_ptr_array_remove_index(lane->suspended, at);
        else
            lane->suspended->pdata[at++] = rest;
    }
}

static void open_answer(WaitLane *lane, const Event *event, Instant written_at) {
    Wait *wait = lane->wait;
    if (wait == NULL)
        return;
    switch (wait_cover(wait, written_at)) {
    case COVERS_SOME:
        lane->wait = wait_split_uncovered(
            lane, wait, wait_ending_find_episode(lane, wait->episode_id), written_at);
        break;
    case COVERS_ALL:
        lane->wait = NULL;
        break;
    case COVERS_UNKNOWN:
        lane->needs_fold = TRUE;
        return;
    case COVERS_NONE:
    default:
        return;
    }
    wait_note_end(lane, wait, event->occurred_at);
    wait_answer(lane, wait, event);
}

static void wait_suspend(WaitLane *lane, Wait *wait, const Event *event) {
    wait_note_end(lane, wait, event->occurred_at);
    wait->resolved_at = event->occurred_at;
    wait->resolved_event_id = event->id;
    g_ptr_array_add(lane->suspended, wait);
    wait_ending_settle(lane);
}

Wait *wait_ending_dismiss(WaitLane *lane, const Event *event) {
    Wait *wait = lane->wait;
    if (wait == NULL)
        return NULL;
    WaitCover cover = wait_cover(wait, event->occurred_at);
    if (cover == COVERS_NONE)
        return wait;
    if (cover == COVERS_UNKNOWN) {
        lane->needs_fold = TRUE;
        return NULL;
    }
    lane->wait = NULL;
    if (cover == COVERS_SOME)
        lane->wait = wait_split_uncovered(
            lane, wait, wait_ending_find_episode(lane, wait->episode_id), event->occurred_at);
    wait_suspend(lane, wait, event);
    return lane->wait;
}

void wait_ending_answer(WaitLane *lane, const Event *event, Instant written_at) {
    suspended_answer(lane, event, written_at);
    open_answer(lane, event, written_at);
}
