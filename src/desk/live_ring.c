#include "desk/live_ring.h"

#define LENGTH_MAX 2048 // for those who are nearly up to date

LiveEntry *live_entry_new(LiveFormat format, const Event *event) {
    GString *out = g_string_sized_new(512);
    format(event, out);
    LiveEntry *entry = g_new(LiveEntry, 1);
    *entry = (LiveEntry){.bytes = g_string_free_to_bytes(out),
                         .conversation_id = event->conversation_id,
                         .channel_id = event->channel_id};
    return entry;
}

void live_entry_free(LiveEntry *entry) {
    if (entry == NULL)
        return;
    g_bytes_unref(entry->bytes);
    g_free(entry);
}

void live_ring_init(LiveRing *ring, LiveFormat format) {
    *ring = (LiveRing){.format = format, .last = -1};
    g_queue_init(&ring->entries);
}

void live_ring_clear(LiveRing *ring) {
    g_queue_clear_full(&ring->entries, (GDestroyNotify)live_entry_free);
}

void live_ring_add(LiveRing *ring, const Event *event) {
    g_queue_push_tail(&ring->entries, live_entry_new(ring->format, event));
    if (ring->entries.length > LENGTH_MAX)
        live_entry_free(g_queue_pop_head(&ring->entries));
    ring->last = event->seq;
}

gboolean live_ring_has(const LiveRing *ring, gint64 position) {
    return position >= ring->last - (gint64)ring->entries.length;
}

GList *live_ring_after(LiveRing *ring, gint64 position) {
    if (position >= ring->last)
        return NULL;
    // From the nearer end: mostly it is the last few.
    return g_queue_peek_nth_link(&ring->entries,
                                 (guint)(position + (gint64)ring->entries.length - ring->last));
}
