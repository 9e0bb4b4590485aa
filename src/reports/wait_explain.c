#include "reports/wait_explain.h"

#include "base/error.h"
#include "model/business_time.h"
#include "reports/wait_list.h"
#include "store/calendar.h"
#include "store/event.h"
#include "store/wait.h"

#define OPENINGS_MAX 5000
#define EVENTS_MAX 5000

// What is known of the wait: its row, and the events of its conversations folded again.
typedef struct {
    Db *db;
    Instant now;
    GPtrArray *events;
    WaitFold *fold;
    const Wait *wait; // of fold
} Explained;

static void explained_clear(Explained *explained) {
    g_clear_pointer(&explained->events, g_ptr_array_unref);
    g_clear_pointer(&explained->fold, wait_fold_free);
}

static GPtrArray *read_events(Db *db, Id conversation_id, GError **error) {
    g_autoptr(GArray) family = wait_link_family(db, conversation_id, error);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    for (guint at = 0; family != NULL && at < family->len; at++) {
        GPtrArray *events = event_list_of_conversation(db, g_array_index(family, Id, at), error);
        if (events == NULL)
            return NULL;
        g_ptr_array_extend_and_steal(all, events);
    }
    return family == NULL ? NULL : g_steal_pointer(&all);
}

static gboolean fold_again(Explained *explained, Id wait_id, Id conversation_id, GError **error) {
    g_autoptr(GArray) channels = wait_channel_list(explained->db, error);
    if (channels == NULL)
        return FALSE;
    explained->events = read_events(explained->db, conversation_id, error);
    if (explained->events == NULL)
        return FALSE;
    WaitRules rules = {(const WaitChannel *)(gconstpointer)channels->data, channels->len};
    explained->fold = wait_fold_new(explained->events, &rules);
    explained->wait = wait_fold_find(explained->fold, wait_id);
    if (explained->wait == NULL)
        error_set(error, ERROR_INTERNAL, "wait_not_in_events",
                  "the events do not give this wait: run \"dialogctl reports rebuild\"");
    return explained->wait != NULL;
}

static void write_messages(JsonText *text, const Wait *wait) {
    json_text_begin_array(text, "messages");
    for (guint at = 0; at < wait->messages->len; at++) {
        const WaitMessage *message = &g_array_index(wait->messages, WaitMessage, at);
        json_text_begin_object(text, NULL);
        json_text_add_id(text, "message_id", message->message_id);
        json_text_add_id(text, "event_id", message->event_id);
        json_text_add_instant(text, "occurred_at", message->occurred_at);
        json_text_add_instant(text, "received_at", message->received_at);
        json_text_end_object(text);
    }
    json_text_end_array(text);
}

static void write_event(JsonText *text, const Event *event) {
    json_text_begin_object(text, NULL);
    json_text_add_id(text, "id", event->id);
    json_text_add_text(text, "type", event_type_name(event->type));
    json_text_add_text(text, "actor", actor_name(event->actor));
    json_text_add_id(text, "actor_id", event->actor_id);
    json_text_add_id(text, "message_id", event->message_id);
    json_text_add_id(text, "conversation_id", event->conversation_id);
    json_text_add_instant(text, "occurred_at", event->occurred_at);
    json_text_end_object(text);
}

static int event_order(gconstpointer a, gconstpointer b) {
    const Event *x = *(const Event *const *)a, *y = *(const Event *const *)b;
    if (x->occurred_at != y->occurred_at)
        return x->occurred_at < y->occurred_at ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

// What happened from its start to its end, in the order of the fold.
static void write_events(JsonText *text, const Explained *explained, Instant end) {
    guint count = 0;
    g_ptr_array_sort(explained->events, event_order);
    json_text_begin_array(text, "events");
    for (guint at = 0; at < explained->events->len && count < EVENTS_MAX; at++) {
        const Event *event = g_ptr_array_index(explained->events, at);
        if (event->occurred_at < explained->wait->started_at || event->occurred_at > end)
            continue;
        write_event(text, event);
        count++;
    }
    json_text_end_array(text);
}

static void write_point(JsonText *text, const char *name, Instant at, Id event_id,
                        const char *why) {
    json_text_begin_object(text, name);
    json_text_add_instant(text, "at", at);
    json_text_add_id(text, "event_id", event_id);
    json_text_add_text(text, "why", why);
    json_text_end_object(text);
}

static const char *why_ended(const Wait *wait) {
    if (wait->state == WAIT_ANSWERED)
        return "the channel accepted the first public reply of a person, written after these "
               "messages had been received";
    if (wait->state == WAIT_DISMISSED)
        return "resolved, or marked as needing no reply, without a reply of a person";
    return wait->resolved_event_id != 0
               ? "open: resolved while a reply was under way; the reply's outcome decides"
               : "open: no reply of a person has been accepted";
}

static void write_openings(JsonText *text, const GArray *openings) {
    json_text_begin_array(text, "openings");
    for (guint at = 0; at < openings->len; at++) {
        Opening opening = g_array_index(openings, Opening, at);
        json_text_begin_object(text, NULL);
        json_text_add_instant(text, "from", opening.start);
        json_text_add_instant(text, "to", opening.end);
        json_text_add_int(text, "ms", opening.end - opening.start);
        json_text_add_id(text, "calendar_version_id", opening.version->id);
        json_text_add_text(text, "zone", opening.version->zone_name);
        json_text_end_object(text);
    }
    json_text_end_array(text);
}

static gboolean write_business(JsonText *text, const Explained *explained, Instant end,
                               GError **error) {
    const Wait *wait = explained->wait;
    const Calendar *calendar;
    g_autoptr(CalendarShelf) shelf = calendar_shelf_new(explained->db);
    if (!calendar_shelf_find(shelf, wait->channel_id, &calendar, error))
        return FALSE;
    gint64 measure = business_time_measure(calendar, wait->started_at, end);
    if (measure == BUSINESS_TIME_NONE) {
        json_text_add_null(text, "business");
        return TRUE;
    }
    g_autoptr(GArray) openings = business_time_list(calendar, wait->started_at, end, OPENINGS_MAX);
    json_text_begin_object(text, "business");
    json_text_add_id(text, "calendar_id", calendar->id);
    json_text_add_text(text, "calendar", calendar->name);
    json_text_add_id(text, "calendar_version_id", calendar_version_at(calendar, end)->id);
    json_text_add_int(text, "business_ms", measure);
    write_openings(text, openings);
    json_text_add_bool(text, "openings_are_all", openings->len < OPENINGS_MAX);
    json_text_end_object(text);
    return TRUE;
}

static gboolean write_explained(JsonText *text, const Explained *explained, GError **error) {
    const Wait *wait = explained->wait;
    Instant end = wait->state == WAIT_OPEN ? MAX(explained->now, wait->started_at) : wait->ended_at;
    json_text_begin_object(text, NULL);
    if (!wait_list_one(explained->db, wait->id, explained->now, text, "wait", error))
        return FALSE;
    json_text_add_int(text, "rule_version", WAIT_RULE_VERSION);
    write_messages(text, wait);
    write_point(text, "start", wait->started_at, wait->id,
                "the oldest unanswered message of the customer reached the channel");
    write_point(text, "end", wait->ended_at, wait->ended_event_id, why_ended(wait));
    json_text_add_int(text, "elapsed_ms", end - wait->started_at);
    if (!write_business(text, explained, end, error))
        return FALSE;
    json_text_add_int(text, "snoozed_ms", wait->snoozed_ms);
    write_events(text, explained, end);
    json_text_end_object(text);
    return TRUE;
}

gboolean wait_explain(Db *db, Id wait_id, Instant now, JsonText *text, GError **error) {
    Explained explained = {.db = db, .now = now};
    Id conversation_id;
    gboolean found;
    if (!db_query_int(db, "SELECT conversation_id FROM wait WHERE id = $1",
                      DB_VALUES(DB_ID(wait_id)), &conversation_id, &found, error))
        return FALSE;
    if (!found) {
        error_set(error, ERROR_NOT_FOUND, "wait_unknown", "there is no wait %" G_GINT64_FORMAT,
                  wait_id);
        return FALSE;
    }
    gboolean is_done = fold_again(&explained, wait_id, conversation_id, error) &&
                       write_explained(text, &explained, error);
    explained_clear(&explained);
    return is_done;
}
