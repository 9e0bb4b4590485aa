// GET /api/v1/events: what happens, as server-sent events that resume from Last-Event-ID; with
// poll=1 as one page of JSON, for proxies that hold streams back.
#include "api/events.h"

#include <string.h>

#include "api/public_json.h"
#include "api/resources.h"
#include "base/error.h"
#include "desk/live_events.h"
#include "desk/live_visibility.h"
#include "store/event.h"
#include "store/session.h"

#define RESUME_MS (24 * G_GINT64_CONSTANT(3600000))
#define RESUME_EVENTS 200000
#define GREETING "retry: 1000\n: dialogd\n\n"

const char events_heartbeat[] = ": hb\n\n";

void events_write_members(JsonText *text, const Event *event) {
    json_text_add_int(text, "seq", event->seq);
    json_text_add_id(text, "id", event->id);
    json_text_add_text(text, "type", event_type_name(event->type));
    json_text_add_id(text, "conversation_id", event->conversation_id);
    json_text_add_id(text, "channel_id", event->channel_id);
    json_text_add_id(text, "message_id", event->message_id);
    json_text_add_text(text, "actor", actor_name(event->actor));
    json_text_add_id(text, "actor_id", event->actor_id);
    json_text_add_instant(text, "occurred_at", event->occurred_at);
    json_text_add_instant(text, "recorded_at", event->recorded_at);
    if (event->data != NULL)
        public_json_write(text, "data", event->data);
    else
        json_text_add_raw(text, "data", "{}");
}

static void write_event(JsonText *text, const Event *event) {
    json_text_begin_object(text, NULL);
    events_write_members(text, event);
    json_text_end_object(text);
}

void events_format(const Event *event, GString *out) {
    g_auto(JsonText) text;
    json_text_init(&text);
    write_event(&text, event);
    g_string_append_printf(out, "id: %" G_GINT64_FORMAT "\ndata: %s\n\n", event->seq,
                           text.out->str);
}

typedef struct {
    ApiStream *stream;
    Principal principal;
} EventStream;

static gboolean offer(gpointer data, const char *bytes, gsize length) {
    return api_stream_offer(((EventStream *)data)->stream, bytes, length);
}

static gsize backlog(gpointer data) {
    return api_stream_backlog(((EventStream *)data)->stream);
}

// A token or session that was revoked or ran out, or an agent who was disabled, sees no more (A10).
static gboolean is_allowed(gpointer data, Db *db) {
    const EventStream *events = data;
    gint64 one = 0;
    gboolean found = FALSE;
    if (events->principal.is_local)
        return TRUE;
    if (events->principal.session_id != 0)
        return session_is_live(db, events->principal.session_id, clock_now(), &found, NULL) ? found
                                                                                            : TRUE;
    if (!db_query_int(
            db,
            "SELECT 1 FROM token JOIN agent ON agent.id = token.agent_id WHERE token.id = "
            "$1 AND token.revoked_at IS NULL AND agent.disabled_at IS NULL AND "
            "(token.expires_at IS NULL OR token.expires_at > $2)",
            DB_VALUES(DB_ID(events->principal.token_id), DB_INSTANT(clock_now())), &one, &found,
            NULL))
        return TRUE; // not known now: asked again soon
    return found;
}

static void ended(gpointer data, const char *reason) {
    EventStream *events = data;
    g_autofree char *bye = g_strdup_printf("event: bye\ndata: {\"why\":\"%s\"}\n\n", reason);
    if (api_stream_offer(events->stream, bye, strlen(bye)) && g_strcmp0(reason, "slow") != 0)
        api_stream_end(events->stream);
    else
        api_stream_cut(events->stream);
    api_stream_unref(events->stream);
    g_free(events);
}

static const LiveSubscriber subscriber = {
    .offer = offer,
    .backlog = backlog,
    .is_allowed = is_allowed,
    .ended = ended,
};

// Where to begin.
typedef struct {
    gint64 after;
    const char *reset; // why a stream cannot resume where it was asked to; NULL: it can
} Start;

// The client reads anew what it shows, and goes on from here.
static void offer_reset(ApiStream *stream, const Start *start) {
    g_autofree char *text =
        g_strdup_printf("id: %" G_GINT64_FORMAT "\nevent: reset\ndata: {\"why\":\"%s\"}\n\n",
                        start->after, start->reset);
    api_stream_offer(stream, text, strlen(text));
}

static void begin_stream(ApiCall *call, const Start *start) {
    GError *error = NULL;
    LiveEvents *live = api_call_parts(call)->live;
    EventStream *events = g_new0(EventStream, 1);
    events->principal = *api_call_principal(call);
    events->stream = api_stream_new();
    api_stream_offer(events->stream, GREETING, strlen(GREETING));
    if (start->reset != NULL)
        offer_reset(events->stream, start);
    ApiStream *stream = api_stream_ref(events->stream);
    Id owner = events->principal.agent_id;
    if (live_events_subscribe(live, start->after, owner, &subscriber, events, &error)) {
        api_call_add_header(call, "X-Accel-Buffering", "no");
        api_call_answer_with_stream(call, 200, "text/event-stream; charset=utf-8", stream);
        return;
    }
    api_stream_unref(stream);
    api_stream_unref(events->stream);
    g_free(events);
    api_call_fail(call, error);
}

static gboolean write_page(Db *db, Id agent_id, gint64 after, JsonText *text, GError **error) {
    g_autoptr(GPtrArray) events = event_list_since(db, after, 500, error);
    g_auto(LiveVisibility) visibility;
    live_visibility_init(&visibility);
    if (events == NULL || !live_visibility_begin(&visibility, db, error))
        return FALSE;
    json_text_begin_object(text, NULL);
    json_text_begin_array(text, "items");
    for (guint at = 0; at < events->len; at++) {
        const Event *event = events->pdata[at];
        if (live_visibility_may_see(&visibility, db, agent_id, event->conversation_id,
                                    event->channel_id))
            write_event(text, event);
        after = event->seq;
    }
    json_text_end_array(text);
    json_text_add_int(text, "event_seq", after);
    json_text_end_object(text);
    return TRUE;
}

static void answer_page(ApiCall *call, gint64 after) {
    GError *error = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    Db *db = api_call_reader(call, &error);
    if (db != NULL && write_page(db, api_call_principal(call)->agent_id, after, &text, &error))
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

static gboolean is_old(Db *db, gint64 seq, gboolean *old, GError **error) {
    gint64 one;
    return db_query_int(db, "SELECT 1 FROM event WHERE seq = $1 AND recorded_at < $2",
                        DB_VALUES(DB_INT(seq), DB_INT(clock_now() - RESUME_MS)), &one, old, error);
}

// A restored copy may not know what the client knows; and what is long ago, or much, is read
// faster anew than as events.
static gboolean judge_start(Db *db, gint64 asked, Start *start, GError **error) {
    gint64 last;
    gboolean old = FALSE;
    if (!event_last_seq(db, &last, error) ||
        (asked >= 0 && asked < last && !is_old(db, asked + 1, &old, error)))
        return FALSE;
    *start = (Start){.after = asked < 0 ? last : asked};
    if (asked > last)
        start->reset = "unknown";
    else if (asked >= 0 && (old || last - asked > RESUME_EVENTS))
        start->reset = "too_old";
    if (start->reset != NULL)
        start->after = last;
    return TRUE;
}

// Last-Event-ID, since, or now.
static gboolean read_asked(const ApiCall *call, gint64 *asked, GError **error) {
    const char *last = api_call_header(call, "Last-Event-ID");
    *asked = -1;
    if (!api_call_query_int(call, "since", 0, G_MAXINT64, asked, error))
        return FALSE;
    if (last == NULL || g_ascii_string_to_signed(last, 10, 0, G_MAXINT64, asked, NULL))
        return TRUE;
    error_set(error, ERROR_INVALID, "last_event_id_invalid",
              "Last-Event-ID must be the id of an event of this stream");
    return FALSE;
}

static void get_events(ApiCall *call) {
    GError *error = NULL;
    gint64 asked;
    gint64 poll = 0;
    Start start;
    Db *db = NULL;
    if (!read_asked(call, &asked, &error) ||
        !api_call_query_int(call, "poll", 0, 1, &poll, &error) ||
        (db = api_call_reader(call, &error)) == NULL || !judge_start(db, asked, &start, &error))
        api_call_fail(call, error);
    else if (poll == 1 || api_call_parts(call)->live == NULL)
        answer_page(call, asked >= 0 && asked < start.after ? asked : start.after);
    else
        begin_stream(call, &start);
}

const ApiRoute api_event_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/events",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = get_events,
     .query = "since poll"},
    {0},
};
