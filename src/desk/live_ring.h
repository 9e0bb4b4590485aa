// The newest events as the live streams send them, formatted once. Owned by live_events' thread.
#pragma once

#include "model/event.h"

// Appends the event to out as subscribers get it.
typedef void (*LiveFormat)(const Event *event, GString *out);

// An event that was formatted, and what it is about.
typedef struct {
    GBytes *bytes;
    Id conversation_id;
    Id channel_id;
} LiveEntry;

LiveEntry *live_entry_new(LiveFormat format, const Event *event) G_GNUC_WARN_UNUSED_RESULT;
void live_entry_free(LiveEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LiveEntry, live_entry_free)

typedef struct {
    LiveFormat format;
    GQueue entries; // of LiveEntry, ending with the event last
    gint64 last;    // the newest event that was read; -1: none yet
} LiveRing;

void live_ring_init(LiveRing *ring, LiveFormat format);
void live_ring_clear(LiveRing *ring);

// The event that follows last. The oldest of 2,048 goes.
void live_ring_add(LiveRing *ring, const Event *event);

// Whether all events after this one are here; of the newest that is none.
gboolean live_ring_has(const LiveRing *ring, gint64 position);

// The first of them, as a link of LiveEntry; NULL: none. Only where live_ring_has.
GList *live_ring_after(LiveRing *ring, gint64 position);
