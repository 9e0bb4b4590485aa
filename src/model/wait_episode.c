#include "model/wait_episode.h"

gboolean wait_episode_is_open(const WaitLane *lane) {
    return lane->episode != NULL && lane->episode->open_since != INSTANT_NONE;
}

// An episode that had gone on in another, whose first message now begins one after all.
static void episode_revive(WaitLane *lane, Episode *episode) {
    episode->conversation_id = lane->conversation_id;
    episode->number = ++lane->episodes;
    guint spans = episode->open_spans->len;
    episode->open_since = spans == 0 ? episode->started_at
                                     : g_array_index(episode->open_spans, OpenSpan, spans - 1).to;
    episode->merged_into = 0;
    episode->is_changed = TRUE;
    lane->episode = episode;
}

void wait_episode_begin(WaitLane *lane, Id event_id, Instant at, Id channel_id, gboolean is_ours) {
    Episode *known = wait_ending_find_episode(lane, event_id);
    if (known != NULL) {
        episode_revive(lane, known);
        return;
    }
    Episode *episode = episode_new();
    episode->id = event_id;
    episode->conversation_id = lane->conversation_id;
    episode->channel_id = channel_id;
    episode->number = ++lane->episodes;
    episode->is_ours = is_ours;
    episode->started_at = at;
    episode->open_since = at;
    episode->is_new = TRUE;
    g_ptr_array_add(lane->episode_list, episode);
    lane->episode = episode;
}

// Rule 7: a conversation that we began has no first response.
static gboolean first_is_due(const Episode *episode) {
    return episode->first_wait_id == 0 && !episode->is_ours;
}

void wait_episode_take(Wait *wait, Episode *episode) {
    gboolean is_first = first_is_due(episode);
    wait->kind = is_first ? WAIT_FIRST : WAIT_NEXT;
    wait->is_first_ever = is_first && episode->number == 1;
    wait->episode_id = episode->id;
    if (!is_first)
        return;
    episode->first_wait_id = wait->id;
    episode->is_changed |= !episode->is_new;
}

static void episode_close(WaitLane *lane, const Event *event) {
    Episode *episode = lane->episode;
    OpenSpan span = {episode->open_since, event->occurred_at};
    g_array_append_val(episode->open_spans, span);
    episode->open_since = INSTANT_NONE;
    if (episode->first_resolved_at == INSTANT_NONE) {
        episode->first_resolved_at = event->occurred_at;
        episode->first_resolved_event_id = event->id;
    }
    episode->before_last = episode->last_resolved;
    episode->last_resolved = (Resolved){.at = event->occurred_at,
                                        .event_id = event->id,
                                        .by = event->actor == ACTOR_AGENT ? event->actor_id : 0,
                                        .assignee_id = lane->assignee_id,
                                        .team_id = lane->team_id};
    episode->is_changed = TRUE;
}

// The message that began the episode had not been received when it was resolved: the episode began
// with the wait that was.
static void episode_begin_later(Episode *episode, Wait *covered) {
    episode->id = covered->id;
    episode->started_at = covered->started_at;
    episode->channel_id = covered->channel_id;
    episode->open_since = MAX(episode->open_since, covered->started_at);
    covered->episode_id = covered->id;
}

// The covered part began an episode that had gone on in the present one: it takes that up again,
// and the rest goes on in the present one.
static void parts_separate(WaitLane *lane, Wait *rest, Wait *covered, Episode *former) {
    Episode *present = lane->episode;
    present->first_wait_id = 0;
    episode_revive(lane, former);
    wait_episode_take(covered, former);
    wait_episode_take(rest, present);
    lane->episode = present;
}

// Messages that had not been received at the resolution begin the next episode, which is the lane's
// afterwards. Returns the one that is resolved.
static Episode *rest_begin_episode(WaitLane *lane, Wait *rest, Wait *covered, WaitKind kind) {
    Episode *present = lane->episode, *own = wait_ending_find_episode(lane, rest->episode_id);
    gboolean is_first = kind == WAIT_FIRST && own != NULL;
    rest->is_changed = TRUE;
    if (is_first)
        own->first_wait_id = covered == NULL ? 0 : covered->id;
    if (covered != NULL) {
        covered->kind = kind;
        covered->is_first_ever = is_first && own->number == 1;
    }
    if (covered != NULL && present->id == rest->id) {
        Episode *former = wait_ending_find_episode(lane, covered->id);
        if (former != NULL) {
            parts_separate(lane, rest, covered, former);
            return former;
        }
        episode_begin_later(present, covered);
    }
    wait_episode_begin(lane, rest->id, rest->started_at, rest->channel_id, FALSE);
    wait_episode_take(rest, lane->episode);
    return present;
}

void wait_episode_resolve(WaitLane *lane, const Event *event) {
    Wait *wait = lane->wait;
    if (!wait_episode_is_open(lane))
        return;
    // Nothing of the episode had been received: there was nothing to resolve.
    if (wait != NULL && wait->id == lane->episode->id &&
        wait_cover(wait, event->occurred_at) == COVERS_NONE)
        return;
    WaitKind kind = wait == NULL ? WAIT_NEXT : wait->kind;
    Wait *rest = wait_ending_dismiss(lane, event);
    lane->needs_fold |= rest != NULL && rest->messages == NULL;
    if (lane->needs_fold)
        return;
    Episode *resolved = lane->episode;
    if (rest != NULL)
        resolved = rest_begin_episode(lane, rest, rest == wait ? NULL : wait, kind);
    Episode *next = lane->episode;
    lane->episode = resolved;
    episode_close(lane, event);
    lane->episode = next;
}

// A wait in suspense waits again when a person opens the episode before the reply has settled.
static gboolean suspended_resume(WaitLane *lane, Id resolved_event_id) {
    for (guint at = 0; at < lane->suspended->len; at++) {
        Wait *wait = g_ptr_array_index(lane->suspended, at);
        if (wait->resolved_event_id != resolved_event_id)
            continue;
        wait->resolved_event_id = 0;
        wait->resolved_at = INSTANT_NONE;
        wait->assignee_at_end = wait->team_at_end = 0;
        wait->is_changed = TRUE;
        lane->wait = wait;
        g_ptr_array_remove_index(lane->suspended, at);
        return TRUE;
    }
    return FALSE;
}

// The resolution had not taken effect for the customer: it is as if it had not been.
static void resolution_take_back(Episode *episode) {
    guint last = episode->open_spans->len - 1;
    episode->open_since = g_array_index(episode->open_spans, OpenSpan, last).from;
    g_array_set_size(episode->open_spans, last);
    episode->last_resolved = episode->before_last;
    episode->before_last.at = INSTANT_NONE;
    if (episode->last_resolved.at != INSTANT_NONE)
        return;
    episode->first_resolved_at = INSTANT_NONE;
    episode->first_resolved_event_id = 0;
}

void wait_episode_reopen(WaitLane *lane, const Event *event) {
    Episode *episode = lane->episode;
    if (episode == NULL || wait_episode_is_open(lane) || episode->merged_into != 0 ||
        event->actor == ACTOR_CUSTOMER || event->actor == ACTOR_SYSTEM)
        return;
    episode->is_changed = TRUE;
    if (suspended_resume(lane, episode->last_resolved.event_id)) {
        resolution_take_back(episode);
        return;
    }
    episode->reopens++;
    episode->open_since = event->occurred_at;
}
