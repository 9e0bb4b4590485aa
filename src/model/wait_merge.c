#include "model/wait_merge.h"

static gboolean is_older(Instant a, Id a_id, Instant b, Id b_id) {
    return a < b || (a == b && a_id < b_id);
}

static gpointer list_steal(GPtrArray *list, gpointer item) {
    guint index;
    gboolean is_there = g_ptr_array_find(list, item, &index);
    g_assert(is_there);
    return g_ptr_array_steal_index(list, index);
}

static int message_compare(gconstpointer a, gconstpointer b) {
    const WaitMessage *x = a, *y = b;
    if (x->occurred_at == y->occurred_at)
        return x->event_id < y->event_id ? -1 : x->event_id > y->event_id;
    return x->occurred_at < y->occurred_at ? -1 : 1;
}

static int automatic_compare(gconstpointer a, gconstpointer b) {
    Instant x = ((const WaitAutomatic *)a)->occurred_at,
            y = ((const WaitAutomatic *)b)->occurred_at;
    return x < y ? -1 : x > y;
}

static void array_append(GArray **to, const GArray *from, guint size) {
    if (from == NULL)
        return;
    if (*to == NULL)
        *to = g_array_new(FALSE, FALSE, size);
    g_array_append_vals(*to, from->data, from->len);
}

static void wait_absorb(Wait *older, const Wait *younger) {
    array_append(&older->messages, younger->messages, sizeof(WaitMessage));
    g_array_sort(older->messages, message_compare);
    array_append(&older->automatics, younger->automatics, sizeof(WaitAutomatic));
    if (older->automatics != NULL)
        g_array_sort(older->automatics, automatic_compare);
    wait_derive(older);
}

static Episode *episode_find(const WaitLane *lane, Id id) {
    for (guint at = 0; at < lane->episode_list->len; at++) {
        Episode *episode = g_ptr_array_index(lane->episode_list, at);
        if (episode->id == id)
            return episode;
    }
    return NULL;
}

// An episode whose first wait went on in another's has no first response of its own.
static void first_wait_forget(WaitLane *into, WaitLane *from, const Wait *wait) {
    Episode *episode = episode_find(into, wait->episode_id);
    if (episode == NULL)
        episode = episode_find(from, wait->episode_id);
    if (episode != NULL && episode->first_wait_id == wait->id)
        episode->first_wait_id = 0;
}

static void snooze_settle(WaitLane *lane, Instant at) {
    if (lane->snoozed_since == INSTANT_NONE)
        return;
    if (lane->wait != NULL)
        lane->wait->snoozed_ms += MAX(0, at - MAX(lane->snoozed_since, lane->wait->started_at));
    lane->snoozed_ms += at - lane->snoozed_since;
    lane->snoozed_since = INSTANT_NONE;
}

static void open_waits_join(WaitLane *into, WaitLane *from) {
    Wait *ours = into->wait, *theirs = from->wait;
    from->wait = NULL;
    if (theirs == NULL)
        return;
    if (ours == NULL || is_older(theirs->started_at, theirs->id, ours->started_at, ours->id)) {
        g_ptr_array_add(into->wait_list, list_steal(from->wait_list, theirs));
        theirs->conversation_id = into->conversation_id;
        into->wait = theirs;
    }
    if (ours == NULL)
        return;
    Wait *older = into->wait, *younger = older == ours ? theirs : ours;
    first_wait_forget(into, from, younger);
    wait_absorb(older, younger);
    g_ptr_array_remove(younger == ours ? into->wait_list : from->wait_list, younger);
}

static void episode_end_in(Episode *younger, Episode *older, Instant at) {
    OpenSpan span = {younger->open_since, at};
    g_array_append_val(younger->open_spans, span);
    younger->open_since = INSTANT_NONE;
    younger->merged_into = older->id;
}

static void open_episodes_join(WaitLane *into, WaitLane *from, Instant at) {
    Episode *ours = into->episode, *theirs = from->episode;
    gboolean ours_is_open = ours != NULL && ours->open_since != INSTANT_NONE;
    if (theirs == NULL || theirs->open_since == INSTANT_NONE)
        return;
    if (ours_is_open && is_older(ours->started_at, ours->id, theirs->started_at, theirs->id)) {
        episode_end_in(theirs, ours, at);
        return;
    }
    theirs->number = ours_is_open ? ours->number : ++into->episodes;
    if (ours_is_open)
        episode_end_in(ours, theirs, at);
    g_ptr_array_add(into->episode_list, list_steal(from->episode_list, theirs));
    theirs->conversation_id = into->conversation_id;
    into->episode = theirs;
}

static void suspended_move(WaitLane *into, WaitLane *from) {
    for (guint at = 0; at < from->suspended->len; at++) {
        Wait *wait = g_ptr_array_index(from->suspended, at);
        g_ptr_array_add(into->wait_list, list_steal(from->wait_list, wait));
        g_ptr_array_add(into->suspended, wait);
    }
    g_ptr_array_set_size(from->suspended, 0);
    g_array_append_vals(into->replies, from->replies->data, from->replies->len);
    g_array_set_size(from->replies, 0);
}

void wait_merge_lanes(WaitLane *into, WaitLane *from, Instant at) {
    snooze_settle(from, at);
    open_waits_join(into, from);
    open_episodes_join(into, from, at);
    suspended_move(into, from);
    // Later answers must find the episodes of the waits that went on.
    while (from->episode_list->len > 0)
        g_ptr_array_add(into->episode_list, g_ptr_array_steal_index(from->episode_list, 0));
    from->episode = NULL;
    if (into->begun_by == BEGUN_BY_NOBODY)
        into->begun_by = from->begun_by;
}
