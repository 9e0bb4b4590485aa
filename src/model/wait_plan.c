#include "model/wait_plan.h"

#define HOPS_MAX 1000

struct WaitPlan {
    const GPtrArray *events;
    GHashTable *aliases; // Id -> Id: conversations that are part of another
    GHashTable *moved;   // message Id -> conversation Id
    GHashTable *also;    // message Id -> GArray of channel Id
    GHashTable *indexes; // event Id -> index + 1
    gboolean *is_void;   // by index
    GArray **echoes;     // by index; of Id, or NULL
};

static void map_set(GHashTable *map, Id key, Id value) {
    g_hash_table_replace(map, g_memdup2(&key, sizeof key), g_memdup2(&value, sizeof value));
}

static Id map_find(GHashTable *map, Id key) {
    const Id *value = g_hash_table_lookup(map, &key);
    return value == NULL ? 0 : *value;
}

static GHashTable *map_new(GDestroyNotify free_value) {
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_value);
}

static const Event *event_at(const WaitPlan *plan, guint index) {
    return g_ptr_array_index(plan->events, index);
}

static Id data_id(const Event *event, const char *name) {
    return json_integer_value(json_object_get(event->data, name));
}

Id wait_plan_resolve(const WaitPlan *plan, Id conversation_id) {
    for (int hop = 0; hop < HOPS_MAX; hop++) {
        Id next = map_find(plan->aliases, conversation_id);
        if (next == 0)
            return conversation_id;
        conversation_id = next;
    }
    return conversation_id;
}

static void alias_add(WaitPlan *plan, Id part, Id whole) {
    Id from = wait_plan_resolve(plan, part), to = wait_plan_resolve(plan, whole);
    if (from != to && from != 0)
        map_set(plan->aliases, from, to);
}

// The index of the event that undoes what index did, or the number of events.
static guint undo_find(const WaitPlan *plan, guint index, EventType type, const char *name) {
    Id other = data_id(event_at(plan, index), name);
    guint at = index + 1;
    for (; at < plan->events->len; at++) {
        const Event *event = event_at(plan, at);
        if (event->type == type && !plan->is_void[at] && data_id(event, name) == other)
            break;
    }
    return at;
}

static void messages_move(WaitPlan *plan, const Event *event, Id to) {
    size_t at;
    json_t *message;
    json_array_foreach(json_object_get(event->data, "messages"), at, message)
        map_set(plan->moved, json_integer_value(message), to);
}

static void merge_note(WaitPlan *plan, guint index) {
    guint undo = undo_find(plan, index, EVENT_UNMERGED, "from");
    if (undo == plan->events->len)
        return;
    plan->is_void[index] = plan->is_void[undo] = TRUE;
    messages_move(plan, event_at(plan, undo), data_id(event_at(plan, undo), "from"));
}

static void split_note(WaitPlan *plan, guint index) {
    guint undo = undo_find(plan, index, EVENT_UNSPLIT, "to");
    if (undo == plan->events->len)
        return;
    const Event *event = event_at(plan, index);
    plan->is_void[index] = plan->is_void[undo] = TRUE;
    alias_add(plan, data_id(event, "to"), event->conversation_id);
}

static void also_note(WaitPlan *plan, const Event *event) {
    GArray *channels = g_hash_table_lookup(plan->also, &event->message_id);
    if (channels == NULL) {
        channels = g_array_new(FALSE, FALSE, sizeof(Id));
        g_hash_table_insert(plan->also, g_memdup2(&event->message_id, sizeof(Id)), channels);
    }
    g_array_append_val(channels, event->channel_id);
}

// A logged call that was changed or taken away: the event that counted it counts no longer.
static void revoke_note(WaitPlan *plan, const Event *event) {
    Id place = map_find(plan->indexes, data_id(event, "event"));
    if (place != 0)
        plan->is_void[place - 1] = TRUE;
}

static void event_note(WaitPlan *plan, guint index) {
    const Event *event = event_at(plan, index);
    map_set(plan->indexes, event->id, (Id)index + 1);
    if (event->type == EVENT_JOINED)
        alias_add(plan, data_id(event, "from"), event->conversation_id);
    else if (event->type == EVENT_MERGED)
        merge_note(plan, index);
    else if (event->type == EVENT_SPLIT)
        split_note(plan, index);
    else if (event->type == EVENT_ALSO_DELIVERED)
        also_note(plan, event);
    else if (event->type == EVENT_CALL_REVOKED)
        revoke_note(plan, event);
}

WaitPlan *wait_plan_new(const GPtrArray *events) {
    WaitPlan *plan = g_new0(WaitPlan, 1);
    plan->events = events;
    plan->aliases = map_new(g_free);
    plan->moved = map_new(g_free);
    plan->also = map_new((GDestroyNotify)g_array_unref);
    plan->indexes = map_new(g_free);
    plan->is_void = g_new0(gboolean, events->len + 1);
    plan->echoes = g_new0(GArray *, events->len + 1);
    for (guint index = 0; index < events->len; index++)
        event_note(plan, index);
    return plan;
}

void wait_plan_free(WaitPlan *plan) {
    if (plan == NULL)
        return;
    for (guint index = 0; index < plan->events->len; index++)
        g_clear_pointer(&plan->echoes[index], g_array_unref);
    g_free(plan->echoes);
    g_free(plan->is_void);
    g_hash_table_unref(plan->aliases);
    g_hash_table_unref(plan->moved);
    g_hash_table_unref(plan->also);
    g_hash_table_unref(plan->indexes);
    g_free(plan);
}

Id wait_plan_conversation(const WaitPlan *plan, guint index) {
    const Event *event = event_at(plan, index);
    Id moved = event->message_id == 0 ? 0 : map_find(plan->moved, event->message_id);
    return wait_plan_resolve(plan, moved != 0 ? moved : event->conversation_id);
}

gboolean wait_plan_is_void(const WaitPlan *plan, guint index) {
    return plan->is_void[index];
}

const GArray *wait_plan_also(const WaitPlan *plan, Id message_id) {
    return message_id == 0 ? NULL : g_hash_table_lookup(plan->also, &message_id);
}

const GArray *wait_plan_echoes(const WaitPlan *plan, guint index) {
    return plan->echoes[index];
}

static void echo_add(WaitPlan *plan, guint index, Id conversation_id) {
    GArray **echoes = &plan->echoes[index];
    if (*echoes == NULL)
        *echoes = g_array_new(FALSE, FALSE, sizeof(Id));
    for (guint at = 0; at < (*echoes)->len; at++)
        if (g_array_index(*echoes, Id, at) == conversation_id)
            return;
    g_array_append_val(*echoes, conversation_id);
}

// A reply is echoed with its writing, so that what is held is seen there, too.
static void ending_echo(WaitPlan *plan, guint ended, guint until, Id conversation_id) {
    Id message_id = event_at(plan, ended)->message_id;
    echo_add(plan, ended, conversation_id);
    for (guint index = 0; message_id != 0 && index < until; index++)
        if (event_at(plan, index)->message_id == message_id)
            echo_add(plan, index, conversation_id);
}

static gboolean is_listed(const json_t *messages, Id message_id) {
    for (size_t at = 0; at < json_array_size(messages); at++)
        if (json_integer_value(json_array_get(messages, at)) == message_id)
            return message_id != 0;
    return FALSE;
}

static guint moved_count(const Wait *wait, const json_t *messages) {
    guint count = 0;
    for (guint at = 0; at < wait->messages->len; at++)
        if (is_listed(messages, g_array_index(wait->messages, WaitMessage, at).message_id))
            count++;
    return count;
}

// An ended wait whose messages are all on one side keeps its end there, wherever the reply goes;
// one with messages on both sides is folded again on each, with the replies of each.
static void wait_follow(WaitPlan *plan, const Wait *wait, guint split, const json_t *messages,
                        Id to) {
    if (wait->ended_event_id == 0)
        return;
    guint ended = (guint)(map_find(plan->indexes, wait->ended_event_id) - 1);
    Id reply = event_at(plan, ended)->message_id;
    guint moved = moved_count(wait, messages);
    gboolean reply_moves = is_listed(messages, reply);
    if (moved == 0 && reply_moves)
        ending_echo(plan, ended, split, wait->conversation_id);
    else if ((moved == wait->messages->len && !reply_moves) || (moved > 0 && reply == 0))
        ending_echo(plan, ended, split, to);
}

void wait_plan_split(WaitPlan *plan, guint index, Id from, const Id *delivered,
                     const GPtrArray *waits) {
    const Event *split = event_at(plan, index);
    const json_t *messages = json_object_get(split->data, "messages");
    Id to = data_id(split, "to");
    // Status, assignment and the like until then were those of what moves, too.
    for (guint at = 0; at < index; at++)
        if (event_at(plan, at)->message_id == 0 && delivered[at] == from)
            echo_add(plan, at, to);
    for (guint at = 0; at < waits->len; at++)
        wait_follow(plan, g_ptr_array_index(waits, at), index, messages, to);
    messages_move(plan, split, to);
    plan->is_void[index] = TRUE;
}
