#include "desk/presence.h"

// A queue by the instant of expiry, as every entry lives equally long: the oldest are in front.
struct Presence {
    GMutex mutex;
    GQueue entries; // of PresenceEntry
};

Presence *presence_new(void) {
    Presence *presence = g_new0(Presence, 1);
    g_mutex_init(&presence->mutex);
    g_queue_init(&presence->entries);
    return presence;
}

void presence_free(Presence *presence) {
    if (presence == NULL)
        return;
    g_queue_clear_full(&presence->entries, g_free);
    g_mutex_clear(&presence->mutex);
    g_free(presence);
}

static void drop(Presence *presence, GList *link) {
    g_free(link->data);
    g_queue_delete_link(&presence->entries, link);
}

static void drop_expired(Presence *presence, Instant now) {
    GList *link;
    while ((link = presence->entries.head) != NULL &&
           ((const PresenceEntry *)link->data)->expires_at <= now)
        drop(presence, link);
}

static GList *find(Presence *presence, Id agent_id, Id conversation_id) {
    for (GList *link = presence->entries.head; link != NULL; link = link->next) {
        const PresenceEntry *entry = link->data;
        if (entry->agent_id == agent_id && entry->conversation_id == conversation_id)
            return link;
    }
    return NULL;
}

static void make_room(Presence *presence, Id agent_id) {
    GList *oldest = NULL;
    guint count = 0;
    for (GList *link = presence->entries.tail; link != NULL; link = link->prev)
        if (((const PresenceEntry *)link->data)->agent_id == agent_id) {
            oldest = link;
            count++;
        }
    if (count >= PRESENCE_OF_AGENT_MAX)
        drop(presence, oldest);
    if (presence->entries.length >= PRESENCE_MAX)
        drop(presence, presence->entries.head);
}

void presence_note(Presence *presence, Id agent_id, Id conversation_id, gboolean is_typing,
                   Instant now) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&presence->mutex);
    drop_expired(presence, now);
    GList *link = find(presence, agent_id, conversation_id);
    if (link != NULL)
        drop(presence, link);
    make_room(presence, agent_id);
    PresenceEntry *entry = g_new(PresenceEntry, 1);
    *entry = (PresenceEntry){.agent_id = agent_id,
                             .conversation_id = conversation_id,
                             .is_typing = is_typing,
                             .expires_at = now + PRESENCE_KEPT_MS};
    g_queue_push_tail(&presence->entries, entry);
}

gboolean presence_leave(Presence *presence, Id agent_id, Id conversation_id) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&presence->mutex);
    GList *link = find(presence, agent_id, conversation_id);
    if (link != NULL)
        drop(presence, link);
    return link != NULL;
}

GArray *presence_list(Presence *presence, Id conversation_id, Instant now) {
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&presence->mutex);
    GArray *there = g_array_new(FALSE, FALSE, sizeof(PresenceEntry));
    drop_expired(presence, now);
    for (GList *link = presence->entries.head; link != NULL; link = link->next)
        if (((const PresenceEntry *)link->data)->conversation_id == conversation_id)
            g_array_append_vals(there, link->data, 1);
    return there;
}
