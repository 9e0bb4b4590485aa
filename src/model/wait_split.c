#include "model/wait_split.h"

static guint covered_count(const Wait *wait, Instant at) {
    guint count = 0;
    for (guint index = 0; index < wait->messages->len; index++)
        count += g_array_index(wait->messages, WaitMessage, index).received_at <= at;
    return count;
}

WaitCover wait_cover(const Wait *wait, Instant at) {
    if (wait->last_received_at <= at)
        return COVERS_ALL;
    if (wait->message_count == 1)
        return COVERS_NONE;
    if (wait->messages == NULL)
        return COVERS_UNKNOWN;
    return covered_count(wait, at) == 0 ? COVERS_NONE : COVERS_SOME;
}

static GArray *messages_take(const GArray *messages, Instant at, gboolean are_covered) {
    GArray *taken = g_array_new(FALSE, FALSE, sizeof(WaitMessage));
    for (guint index = 0; index < messages->len; index++) {
        WaitMessage message = g_array_index(messages, WaitMessage, index);
        if ((message.received_at <= at) == are_covered)
            g_array_append_val(taken, message);
    }
    return taken;
}

// Snoozed time that was over, since the wait's first message.
static gint64 snoozed_since_start(const WaitLane *lane, const Wait *wait) {
    gint64 mark = g_array_index(wait->messages, WaitMessage, 0).snoozed_mark;
    return MAX(0, lane->snoozed_ms - mark);
}

static void part_derive(const WaitLane *lane, Wait *wait) {
    wait_derive(wait);
    wait->snoozed_ms = snoozed_since_start(lane, wait);
    wait->is_changed = TRUE;
}

static void kinds_divide(Wait *first, Wait *second, Episode *episode, WaitKind kind,
                         gboolean is_first_ever) {
    first->kind = kind;
    first->is_first_ever = is_first_ever;
    second->kind = WAIT_NEXT;
    second->is_first_ever = FALSE;
    if (kind == WAIT_FIRST && episode != NULL)
        episode->first_wait_id = first->id;
}

Wait *wait_split_uncovered(WaitLane *lane, Wait *wait, Episode *episode, Instant at) {
    WaitKind kind = wait->kind;
    gboolean is_first_ever = wait->is_first_ever;
    Id opened_by = wait->id;
    Wait *rest = wait_new();
    rest->is_new = TRUE;
    rest->conversation_id = wait->conversation_id;
    rest->episode_id = wait->episode_id;
    rest->messages = messages_take(wait->messages, at, FALSE);
    rest->automatics = wait->automatics == NULL ? NULL : g_array_copy(wait->automatics);
    GArray *covered = messages_take(wait->messages, at, TRUE);
    g_array_unref(wait->messages);
    wait->messages = covered;
    part_derive(lane, wait);
    part_derive(lane, rest);
    if (wait->id == opened_by)
        kinds_divide(wait, rest, episode, kind, is_first_ever);
    else
        kinds_divide(rest, wait, episode, kind, is_first_ever);
    g_ptr_array_add(lane->wait_list, rest);
    return rest;
}
