#include "model/wait.h"

#include <string.h>

static const char *const state_names[] = {"open", "answered", "dismissed"};
static const char *const kind_names[] = {"first", "next"};
static const char *const automatic_names[] = {"bot", "rule", "campaign", "survey"};

const char *wait_state_name(WaitState state) {
    return state_names[state];
}

const char *wait_kind_name(WaitKind kind) {
    return kind_names[kind];
}

const char *automatic_name(Automatic automatic) {
    return automatic_names[automatic];
}

static gboolean name_find(const char *const *names, guint count, const char *name, guint *index) {
    for (*index = 0; *index < count; (*index)++)
        if (g_strcmp0(names[*index], name) == 0)
            return TRUE;
    return FALSE;
}

gboolean wait_state_parse(const char *name, WaitState *state) {
    guint index;
    gboolean is_known = name_find(state_names, WAIT_STATES, name, &index);
    if (is_known)
        *state = (WaitState)index;
    return is_known;
}

gboolean wait_kind_parse(const char *name, WaitKind *kind) {
    guint index;
    gboolean is_known = name_find(kind_names, WAIT_KINDS, name, &index);
    if (is_known)
        *kind = (WaitKind)index;
    return is_known;
}

static void automatic_clear(Wait *wait) {
    for (int at = 0; at < AUTOMATICS; at++)
        wait->automatic_ms[at] = DURATION_NONE;
}

Wait *wait_new(void) {
    Wait *wait = g_new0(Wait, 1);
    wait->ended_at = INSTANT_NONE;
    wait->resolved_at = INSTANT_NONE;
    wait->delivery_lag_ms = DURATION_NONE;
    automatic_clear(wait);
    return wait;
}

void wait_free(Wait *wait) {
    if (wait == NULL)
        return;
    g_clear_pointer(&wait->messages, g_array_unref);
    g_clear_pointer(&wait->automatics, g_array_unref);
    g_clear_pointer(&wait->channels, g_array_unref);
    g_free(wait);
}

static void derive_automatics(Wait *wait) {
    automatic_clear(wait);
    for (guint at = 0; wait->automatics != NULL && at < wait->automatics->len; at++) {
        WaitAutomatic sent = g_array_index(wait->automatics, WaitAutomatic, at);
        gint64 *first = &wait->automatic_ms[sent.automatic];
        if (*first == DURATION_NONE && sent.occurred_at >= wait->started_at)
            *first = sent.occurred_at - wait->started_at;
    }
}

static void add_channel(Wait *wait, Id channel_id) {
    if (channel_id == wait->channel_id || channel_id == 0)
        return;
    if (wait->channels == NULL)
        wait->channels = g_array_new(FALSE, FALSE, sizeof(Id));
    guint at = 0;
    while (at < wait->channels->len && g_array_index(wait->channels, Id, at) < channel_id)
        at++;
    if (at < wait->channels->len && g_array_index(wait->channels, Id, at) == channel_id)
        return;
    g_array_insert_val(wait->channels, at, channel_id);
}

void wait_add_channels(Wait *wait, const WaitMessage *message) {
    add_channel(wait, message->channel_id);
    for (guint at = 0; message->also != NULL && at < message->also->len; at++)
        add_channel(wait, g_array_index(message->also, Id, at));
}

void wait_derive(Wait *wait) {
    const WaitMessage *first = &g_array_index(wait->messages, WaitMessage, 0);
    const WaitMessage *last = &g_array_index(wait->messages, WaitMessage, wait->messages->len - 1);
    wait->id = first->event_id;
    wait->channel_id = first->channel_id;
    wait->started_at = first->occurred_at;
    wait->fetch_lag_ms = first->received_at - first->occurred_at;
    wait->opening_message_id = first->message_id;
    wait->assignee_at_start = first->assignee_id;
    wait->team_at_start = first->team_id;
    wait->priority_at_start = first->priority;
    wait->message_count = wait->messages->len;
    wait->last_event_id = last->event_id;
    wait->last_received_at = first->received_at;
    g_clear_pointer(&wait->channels, g_array_unref);
    for (guint at = 0; at < wait->messages->len; at++) {
        const WaitMessage *message = &g_array_index(wait->messages, WaitMessage, at);
        wait->last_received_at = MAX(wait->last_received_at, message->received_at);
        wait_add_channels(wait, message);
    }
    derive_automatics(wait);
}

Episode *episode_new(void) {
    Episode *episode = g_new0(Episode, 1);
    episode->first_response_ms = DURATION_NONE;
    episode->first_resolved_at = INSTANT_NONE;
    episode->last_resolved.at = INSTANT_NONE;
    episode->before_last.at = INSTANT_NONE;
    episode->open_since = INSTANT_NONE;
    episode->open_spans = g_array_new(FALSE, FALSE, sizeof(OpenSpan));
    return episode;
}

void episode_free(Episode *episode) {
    if (episode == NULL)
        return;
    g_array_unref(episode->open_spans);
    g_free(episode);
}

gint64 episode_open_ms(const Episode *episode) {
    gint64 sum = 0;
    for (guint at = 0; at < episode->open_spans->len; at++) {
        OpenSpan span = g_array_index(episode->open_spans, OpenSpan, at);
        sum += span.to - span.from;
    }
    return sum;
}
