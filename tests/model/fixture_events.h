// An event log for tests, written short: times of Monday 2026-11-23 in Helsinki, ids counted up.
#pragma once

#include "fixture_calendar.h"
#include "model/wait_fold.h"

enum { SUPPORT = 101, SALES = 102, ALICE = 201, BOB = 202, TEAM = 301 };

typedef struct {
    GPtrArray *events;
    Id next_id;
    Id conversation_id; // of the events that are added
    Id channel_id;
} FixtureLog;

static inline FixtureLog *fixture_log_new(void) {
    FixtureLog *log = g_new0(FixtureLog, 1);
    log->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    log->next_id = 1001;
    log->conversation_id = 1;
    log->channel_id = SUPPORT;
    return log;
}

static inline void fixture_log_free(FixtureLog *log) {
    g_ptr_array_unref(log->events);
    g_free(log);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FixtureLog, fixture_log_free)

// "10:00", "10:00:05" of that Monday, or a whole "2026-11-20T15:30:00".
static inline Instant at(const char *time) {
    g_autofree char *text = NULL;
    if (strchr(time, 'T') != NULL)
        text = g_strdup(time);
    else
        text = g_strdup_printf("2026-11-23T%s%s", time, strlen(time) == 5 ? ":00" : "");
    return fixture_instant(text);
}

// Takes data, which may be NULL. Borrowed.
static inline Event *fixture_add(FixtureLog *log, EventType type, const char *time, Actor actor,
                                 Id actor_id, Id message_id, json_t *data) {
    Event *event = g_new0(Event, 1);
    event->id = log->next_id++;
    event->conversation_id = log->conversation_id;
    event->channel_id = log->channel_id;
    event->type = type;
    event->actor = actor;
    event->actor_id = actor_id;
    event->message_id = message_id;
    event->occurred_at = at(time);
    event->recorded_at = event->occurred_at;
    event->data = data != NULL ? data : json_object();
    g_ptr_array_add(log->events, event);
    return event;
}

// A customer's message, fetched at that time.
static inline Id fixture_fetched(FixtureLog *log, const char *time, const char *fetched,
                                 Id message_id) {
    return fixture_add(
               log, EVENT_MESSAGE_RECEIVED, time, ACTOR_CUSTOMER, 0, message_id,
               json_pack("{s:I, s:b}", "received_at", (json_int_t)at(fetched), "automatic", 0))
        ->id;
}

static inline Id fixture_in(FixtureLog *log, const char *time, Id message_id) {
    return fixture_fetched(log, time, time, message_id);
}

static inline void fixture_written(FixtureLog *log, const char *time, Id message_id) {
    fixture_add(log, EVENT_REPLY_WRITTEN, time, ACTOR_AGENT, ALICE, message_id, NULL);
}

static inline void fixture_sent(FixtureLog *log, const char *time, const char *written, Actor actor,
                                Id actor_id, Id message_id) {
    fixture_add(log, EVENT_MESSAGE_SENT, time, actor, actor_id, message_id,
                json_pack("{s:I}", "written_at", (json_int_t)at(written)));
}

// A reply of Alice's that is accepted as it is written.
static inline void fixture_reply(FixtureLog *log, const char *time, Id message_id) {
    fixture_sent(log, time, time, ACTOR_AGENT, ALICE, message_id);
}

static inline void fixture_failed(FixtureLog *log, const char *time, Id message_id) {
    fixture_add(log, EVENT_REPLY_FAILED, time, ACTOR_SYSTEM, 0, message_id, NULL);
}

static inline void fixture_status(FixtureLog *log, const char *time, const char *from,
                                  const char *to) {
    fixture_add(log, EVENT_STATUS_CHANGED, time, ACTOR_AGENT, ALICE, 0,
                json_pack("{s:s, s:s}", "from", from, "to", to));
}

static inline void fixture_assigned(FixtureLog *log, const char *time, Id agent, Id team) {
    fixture_add(log, EVENT_ASSIGNED, time, ACTOR_AGENT, ALICE, 0,
                json_pack("{s:I, s:I}", "to", (json_int_t)agent, "team_to", (json_int_t)team));
}

static inline void fixture_linked(FixtureLog *log, EventType type, const char *time,
                                  const char *name, Id other) {
    fixture_add(log, type, time, ACTOR_AGENT, ALICE, 0,
                json_pack("{s:I}", name, (json_int_t)other));
}

static inline void fixture_split(FixtureLog *log, const char *time, Id to, Id message_id) {
    fixture_add(
        log, EVENT_SPLIT, time, ACTOR_AGENT, ALICE, 0,
        json_pack("{s:I, s:[I]}", "to", (json_int_t)to, "messages", (json_int_t)message_id));
}

static inline WaitFold *fixture_fold(const FixtureLog *log) {
    static const WaitRules none = {NULL, 0};
    return wait_fold_new(log->events, &none);
}

static int fixture_wait_order(gconstpointer a, gconstpointer b) {
    const Wait *x = *(const Wait *const *)a, *y = *(const Wait *const *)b;
    return x->started_at < y->started_at ? -1 : x->started_at > y->started_at;
}

// All waits as one text, by start: "first answered 60m@1001", "next open 0m@1002" ...: kind, state,
// minutes (or m:ss) up to the end, @ the opening event; /2 the conversation when it is not 1.
static inline char *fixture_waits(const WaitFold *fold) {
    g_autoptr(GPtrArray) waits = g_ptr_array_new();
    for (guint lane = 0; lane < fold->lanes->len; lane++) {
        const WaitLane *one = g_ptr_array_index(fold->lanes, lane);
        for (guint index = 0; index < one->wait_list->len; index++)
            g_ptr_array_add(waits, g_ptr_array_index(one->wait_list, index));
    }
    g_ptr_array_sort(waits, fixture_wait_order);
    GString *text = g_string_new(NULL);
    for (guint index = 0; index < waits->len; index++) {
        const Wait *wait = g_ptr_array_index(waits, index);
        g_string_append_printf(text, "%s%s %s", index > 0 ? ", " : "", wait_kind_name(wait->kind),
                               wait_state_name(wait->state));
        if (wait->state != WAIT_OPEN) {
            gint64 seconds = (wait->ended_at - wait->started_at) / 1000;
            g_string_append_printf(text, " %" G_GINT64_FORMAT, seconds / 60);
            if (seconds % 60 != 0)
                g_string_append_printf(text, ":%02" G_GINT64_FORMAT, seconds % 60);
        }
        g_string_append_printf(text, " @%" G_GINT64_FORMAT, wait->id);
        if (wait->conversation_id != 1)
            g_string_append_printf(text, "/%" G_GINT64_FORMAT, wait->conversation_id);
    }
    return g_string_free(text, FALSE);
}

#define fixture_waits_are(log, expected)                                                           \
    do {                                                                                           \
        g_autoptr(WaitFold) fold_ = fixture_fold(log);                                             \
        g_autofree char *text_ = fixture_waits(fold_);                                             \
        g_assert_cmpstr(text_, ==, expected);                                                      \
    } while (0)
