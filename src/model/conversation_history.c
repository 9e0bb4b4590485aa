#include "model/conversation_history.h"

typedef struct {
    EventType type;
    Id subject_id;
    SlaTarget target;
    Id event_id;
} Notice;

struct ConversationHistory {
    GHashTable *states; // Id -> GPtrArray of ConversationState, by from
    GArray *notices;    // of Notice
    ConversationState none;
};

static ConversationState *state_new(Instant from) {
    ConversationState *state = g_new0(ConversationState, 1);
    state->from = from;
    state->tags = g_array_new(FALSE, FALSE, sizeof(Id));
    return state;
}

static void state_free(gpointer data) {
    ConversationState *state = data;
    g_array_unref(state->tags);
    g_free(state);
}

static ConversationState *state_copy(const ConversationState *state, Instant from) {
    ConversationState *copy = state_new(from);
    copy->team_id = state->team_id;
    copy->assignee_id = state->assignee_id;
    copy->priority = state->priority;
    g_array_append_vals(copy->tags, state->tags->data, state->tags->len);
    return copy;
}

static GPtrArray *states_of(ConversationHistory *history, Id conversation_id) {
    GPtrArray *states = g_hash_table_lookup(history->states, &conversation_id);
    if (states != NULL)
        return states;
    states = g_ptr_array_new_with_free_func(state_free);
    g_hash_table_insert(history->states, g_memdup2(&conversation_id, sizeof conversation_id),
                        states);
    return states;
}

static const ConversationState *last_state(ConversationHistory *history, Id conversation_id) {
    GPtrArray *states = states_of(history, conversation_id);
    return states->len > 0 ? g_ptr_array_index(states, states->len - 1) : &history->none;
}

// The state that holds from the instant on, to be changed.
static ConversationState *state_begin(ConversationHistory *history, Id conversation_id,
                                      Instant from) {
    GPtrArray *states = states_of(history, conversation_id);
    ConversationState *last = states->len > 0 ? g_ptr_array_index(states, states->len - 1) : NULL;
    if (last != NULL && last->from == from)
        return last;
    ConversationState *next = last != NULL ? state_copy(last, from) : state_new(from);
    g_ptr_array_add(states, next);
    return next;
}

static void id_take(const Event *event, const char *name, Id *id) {
    json_t *value = json_object_get(event->data, name);
    if (value != NULL)
        *id = json_integer_value(value);
}

static Id data_id(const Event *event, const char *name) {
    return json_integer_value(json_object_get(event->data, name));
}

static void fold_assigned(ConversationHistory *history, const Event *event) {
    ConversationState *state = state_begin(history, event->conversation_id, event->occurred_at);
    id_take(event, "to", &state->assignee_id);
    id_take(event, "team_to", &state->team_id);
}

static void fold_prioritised(ConversationHistory *history, const Event *event) {
    ConversationState *state = state_begin(history, event->conversation_id, event->occurred_at);
    state->priority = (int)data_id(event, "to");
}

static void tag_remove(ConversationState *state, Id tag) {
    for (guint at = 0; at < state->tags->len; at++)
        if (g_array_index(state->tags, Id, at) == tag) {
            g_array_remove_index(state->tags, at);
            return;
        }
}

static void tag_add(ConversationState *state, Id tag) {
    tag_remove(state, tag);
    g_array_append_val(state->tags, tag);
}

static void fold_tagged(ConversationHistory *history, const Event *event) {
    ConversationState *state = state_begin(history, event->conversation_id, event->occurred_at);
    if (json_is_true(json_object_get(event->data, "added")))
        tag_add(state, data_id(event, "tag"));
    else
        tag_remove(state, data_id(event, "tag"));
}

// As store/conversation.h absorbs.
static void absorb(ConversationHistory *history, const Event *event, Id other) {
    ConversationState *into = state_begin(history, event->conversation_id, event->occurred_at);
    const ConversationState *from = last_state(history, other);
    into->team_id = into->team_id != 0 ? into->team_id : from->team_id;
    into->assignee_id = into->assignee_id != 0 ? into->assignee_id : from->assignee_id;
    for (guint at = 0; from->tags != NULL && at < from->tags->len; at++)
        tag_add(into, g_array_index(from->tags, Id, at));
}

static void fold_absorbed(ConversationHistory *history, const Event *event) {
    absorb(history, event, data_id(event, "from"));
}

static void fold_unsplit(ConversationHistory *history, const Event *event) {
    absorb(history, event, data_id(event, "to"));
}

// The new conversation begins as the old one stood, but for its tags.
static void fold_split(ConversationHistory *history, const Event *event) {
    const ConversationState *original = last_state(history, event->conversation_id);
    ConversationState copy = *original;
    ConversationState *part = state_begin(history, data_id(event, "to"), event->occurred_at);
    part->team_id = copy.team_id;
    part->assignee_id = copy.assignee_id;
    part->priority = copy.priority;
}

static void fold_notice(ConversationHistory *history, const Event *event) {
    Notice notice = {event->type, data_id(event, "subject"), SLA_FIRST_RESPONSE, event->id};
    const char *target = json_string_value(json_object_get(event->data, "target"));
    if (target != NULL && sla_target_parse(target, &notice.target))
        g_array_append_val(history->notices, notice);
}

typedef void (*Fold)(ConversationHistory *history, const Event *event);

static const Fold folds[EVENT_TYPES] = {
    [EVENT_ASSIGNED] = fold_assigned,   [EVENT_PRIORITISED] = fold_prioritised,
    [EVENT_TAGGED] = fold_tagged,       [EVENT_MERGED] = fold_absorbed,
    [EVENT_JOINED] = fold_absorbed,     [EVENT_SPLIT] = fold_split,
    [EVENT_UNSPLIT] = fold_unsplit,     [EVENT_SLA_WARNED] = fold_notice,
    [EVENT_SLA_BREACHED] = fold_notice,
};

gboolean conversation_history_is_concerned(EventType type) {
    return folds[type] != NULL;
}

static int event_order(gconstpointer a, gconstpointer b) {
    const Event *x = *(const Event *const *)a, *y = *(const Event *const *)b;
    if (x->occurred_at != y->occurred_at)
        return x->occurred_at < y->occurred_at ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

ConversationHistory *conversation_history_new(const GPtrArray *events) {
    ConversationHistory *history = g_new0(ConversationHistory, 1);
    history->states = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                            (GDestroyNotify)g_ptr_array_unref);
    history->notices = g_array_new(FALSE, FALSE, sizeof(Notice));
    history->none.tags = NULL;
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    for (guint at = 0; at < events->len; at++) {
        const Event *event = g_ptr_array_index(events, at);
        if (folds[event->type] != NULL)
            g_ptr_array_add(sorted, g_ptr_array_index(events, at));
    }
    g_ptr_array_sort(sorted, event_order);
    for (guint at = 0; at < sorted->len; at++) {
        const Event *event = g_ptr_array_index(sorted, at);
        folds[event->type](history, event);
    }
    return history;
}

void conversation_history_free(ConversationHistory *history) {
    if (history == NULL)
        return;
    g_hash_table_unref(history->states);
    g_array_unref(history->notices);
    g_free(history);
}

// How many of the states began at the instant or before.
static guint count_until(const GPtrArray *states, Instant at) {
    guint low = 0, high = states != NULL ? states->len : 0;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const ConversationState *state = g_ptr_array_index(states, middle);
        if (state->from <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const ConversationState *conversation_history_at(const ConversationHistory *history,
                                                 Id conversation_id, Instant at) {
    const GPtrArray *states = g_hash_table_lookup(history->states, &conversation_id);
    guint count = count_until(states, at);
    return count > 0 ? g_ptr_array_index(states, count - 1) : &history->none;
}

Instant conversation_history_next(const ConversationHistory *history, Id conversation_id,
                                  Instant after) {
    const GPtrArray *states = g_hash_table_lookup(history->states, &conversation_id);
    guint count = count_until(states, after);
    if (states == NULL || count == states->len)
        return INSTANT_NONE;
    const ConversationState *next = g_ptr_array_index(states, count);
    return next->from;
}

Id conversation_history_find_notice(const ConversationHistory *history, EventType type,
                                    Id subject_id, SlaTarget target) {
    for (guint at = 0; at < history->notices->len; at++) {
        const Notice *notice = &g_array_index(history->notices, Notice, at);
        if (notice->type == type && notice->subject_id == subject_id && notice->target == target)
            return notice->event_id;
    }
    return 0;
}
