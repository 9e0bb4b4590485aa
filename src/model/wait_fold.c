#include "model/wait_fold.h"

#include "model/wait_merge.h"
#include "model/wait_plan.h"

typedef struct {
    GPtrArray *events; // sorted
    const WaitRules *rules;
    WaitPlan *plan;
    GHashTable *lanes;  // Id -> WaitLane
    GHashTable *routes; // Id -> Id: conversations merged by hand so far
    Id *delivered;      // by index
} Folding;

static int event_compare(gconstpointer a, gconstpointer b) {
    const Event *x = *(const Event *const *)a, *y = *(const Event *const *)b;
    if (x->occurred_at != y->occurred_at)
        return x->occurred_at < y->occurred_at ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static Id route(const Folding *folding, Id conversation_id) {
    const Id *next;
    while ((next = g_hash_table_lookup(folding->routes, &conversation_id)) != NULL)
        conversation_id = *next;
    return conversation_id;
}

static WaitLane *lane_get(Folding *folding, Id conversation_id) {
    WaitLane *lane = g_hash_table_lookup(folding->lanes, &conversation_id);
    if (lane == NULL) {
        lane = wait_lane_new(conversation_id);
        g_hash_table_insert(folding->lanes, &lane->conversation_id, lane);
    }
    return lane;
}

static Instant waits_from(const WaitRules *rules, Id channel_id) {
    for (gsize at = 0; at < rules->count; at++)
        if (rules->channels[at].id == channel_id)
            return rules->channels[at].waits_from;
    return INSTANT_NONE;
}

static void merge_apply(Folding *folding, const Event *event, Id into) {
    Id other = json_integer_value(json_object_get(event->data, "from"));
    Id from = route(folding, wait_plan_resolve(folding->plan, other));
    if (from == into || from == 0)
        return;
    wait_merge_lanes(lane_get(folding, into), lane_get(folding, from), event->occurred_at);
    g_hash_table_insert(folding->routes, g_memdup2(&from, sizeof from),
                        g_memdup2(&into, sizeof into));
}

// Waits of all lanes that have gone into this one.
static void split_apply(Folding *folding, guint index, Id from) {
    g_autoptr(GPtrArray) waits = g_ptr_array_new();
    GHashTableIter iterator;
    gpointer value;
    g_hash_table_iter_init(&iterator, folding->lanes);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        WaitLane *lane = value;
        for (guint at = 0; at < lane->wait_list->len; at++)
            if (route(folding, lane->conversation_id) == from)
                g_ptr_array_add(waits, g_ptr_array_index(lane->wait_list, at));
    }
    wait_plan_split(folding->plan, index, from, folding->delivered, waits);
}

static void event_deliver(Folding *folding, guint index, Id conversation_id) {
    const Event *event = g_ptr_array_index(folding->events, index);
    WaitContext context = {
        .waits_from = waits_from(folding->rules, event->channel_id),
        .also = wait_plan_also(folding->plan, event->message_id),
        .keeps_messages = TRUE,
    };
    if (!wait_lane_is_concerned(event->type))
        return;
    wait_lane_step(lane_get(folding, conversation_id), event, &context);
    const GArray *echoes = wait_plan_echoes(folding->plan, index);
    context.is_echo = TRUE;
    for (guint at = 0; echoes != NULL && at < echoes->len; at++) {
        Id echo = route(folding, wait_plan_resolve(folding->plan, g_array_index(echoes, Id, at)));
        if (echo != conversation_id)
            wait_lane_step(lane_get(folding, echo), event, &context);
    }
}

// FALSE when a split was worked into the plan: all must be folded again.
static gboolean run(Folding *folding) {
    g_hash_table_remove_all(folding->lanes);
    g_hash_table_remove_all(folding->routes);
    for (guint index = 0; index < folding->events->len; index++) {
        const Event *event = g_ptr_array_index(folding->events, index);
        Id conversation_id = route(folding, wait_plan_conversation(folding->plan, index));
        folding->delivered[index] = conversation_id;
        if (wait_plan_is_void(folding->plan, index))
            continue;
        if (event->type == EVENT_SPLIT) {
            split_apply(folding, index, conversation_id);
            return FALSE;
        }
        if (event->type == EVENT_MERGED)
            merge_apply(folding, event, conversation_id);
        else
            event_deliver(folding, index, conversation_id);
    }
    return TRUE;
}

// What the plan lends to messages does not outlive it. All rows are to be written whole.
static void lane_finish(WaitLane *lane) {
    for (guint at = 0; at < lane->episode_list->len; at++)
        ((Episode *)g_ptr_array_index(lane->episode_list, at))->is_changed = TRUE;
    for (guint at = 0; at < lane->wait_list->len; at++) {
        Wait *wait = g_ptr_array_index(lane->wait_list, at);
        wait->is_changed = TRUE;
        for (guint index = 0; index < wait->messages->len; index++)
            g_array_index(wait->messages, WaitMessage, index).also = NULL;
    }
}

static int lane_compare(gconstpointer a, gconstpointer b) {
    Id x = (*(WaitLane *const *)a)->conversation_id, y = (*(WaitLane *const *)b)->conversation_id;
    return x < y ? -1 : x > y;
}

static WaitFold *fold_take(Folding *folding) {
    WaitFold *fold = g_new0(WaitFold, 1);
    fold->lanes = g_ptr_array_new_with_free_func((GDestroyNotify)wait_lane_free);
    GHashTableIter iterator;
    gpointer lane;
    g_hash_table_iter_init(&iterator, folding->lanes);
    while (g_hash_table_iter_next(&iterator, NULL, &lane)) {
        lane_finish(lane);
        g_ptr_array_add(fold->lanes, lane);
        g_hash_table_iter_steal(&iterator);
    }
    g_ptr_array_sort(fold->lanes, lane_compare);
    return fold;
}

WaitFold *wait_fold_new(const GPtrArray *events, const WaitRules *rules) {
    Folding folding = {.rules = rules};
    folding.events = g_ptr_array_sized_new(events->len);
    for (guint index = 0; index < events->len; index++)
        g_ptr_array_add(folding.events, g_ptr_array_index(events, index));
    g_ptr_array_sort(folding.events, event_compare);
    folding.plan = wait_plan_new(folding.events);
    folding.lanes =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)wait_lane_free);
    folding.routes = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    folding.delivered = g_new0(Id, events->len + 1);
    while (!run(&folding))
        ;
    WaitFold *fold = fold_take(&folding);
    g_free(folding.delivered);
    g_hash_table_unref(folding.routes);
    g_hash_table_unref(folding.lanes);
    wait_plan_free(folding.plan);
    g_ptr_array_unref(folding.events);
    return fold;
}

void wait_fold_free(WaitFold *fold) {
    if (fold == NULL)
        return;
    g_ptr_array_unref(fold->lanes);
    g_free(fold);
}

const Wait *wait_fold_find(const WaitFold *fold, Id wait_id) {
    for (guint at = 0; at < fold->lanes->len; at++) {
        const WaitLane *lane = g_ptr_array_index(fold->lanes, at);
        for (guint index = 0; index < lane->wait_list->len; index++) {
            const Wait *wait = g_ptr_array_index(lane->wait_list, index);
            if (wait->id == wait_id)
                return wait;
        }
    }
    return NULL;
}
