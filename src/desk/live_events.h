// The live stream of events: one thread follows the committed events by their dense sequence,
// formats each once, and gives them to every subscriber in order, without a gap and without a
// repetition. Woken by the writer's commits; used by api/events.c. A slow subscriber lags within
// its bound and is ended when it stands still: nothing here grows with it.
#pragma once

#include "desk/live_ring.h"
#include "store/store.h"

typedef struct LiveEvents LiveEvents;

// A subscriber's side. All are called on the live thread and must not block.
typedef struct {
    // Takes formatted bytes (one event, or a heartbeat); FALSE: it has gone.
    gboolean (*offer)(gpointer data, const char *bytes, gsize length);
    // Bytes that it has not taken yet.
    gsize (*backlog)(gpointer data);
    // Whether it may still see events: asked every three seconds.
    gboolean (*is_allowed)(gpointer data, Db *db);
    // The last call. reason is static: "gone", "slow", "not_allowed", "ending".
    void (*ended)(gpointer data, const char *reason);
} LiveSubscriber;

// Starts the thread. heartbeat is offered after 15 s of silence.
LiveEvents *live_events_new(Store *store, LiveFormat format,
                            const char *heartbeat) G_GNUC_WARN_UNUSED_RESULT;

// Ends every subscription ("ending") and the thread. Calls that are under way may still tell and
// subscribe: nobody hears it. Its owner's thread.
void live_events_stop(LiveEvents *live);

// Stops, and frees: nobody may hold it any more.
void live_events_free(LiveEvents *live);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LiveEvents, live_events_free)

// Begins after the event with sequence after; the past comes first. owner is whom it counts for
// (an agent; 0: nobody). FALSE with an error (limit): 20 for one owner, 2,000 in all. subscriber is
// borrowed for its life. Any thread.
gboolean live_events_subscribe(LiveEvents *live, gint64 after, Id owner,
                               const LiveSubscriber *subscriber, gpointer data, GError **error);

// Tells something that is not kept: "event: live" without an id, with this line of JSON; never
// replayed, and dropped for whoever lags. owner: whose streams get it; 0: all that may see the
// conversation (0: about none). Any thread.
void live_events_tell(LiveEvents *live, Id owner, Id conversation_id, const char *json);

// Whose streams are open now: owned list of Id, without 0. Any thread.
GArray *live_events_owners(LiveEvents *live) G_GNUC_WARN_UNUSED_RESULT;

// How many subscribe. Any thread.
guint live_events_count(LiveEvents *live);
