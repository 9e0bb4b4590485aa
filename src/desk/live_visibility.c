#include "desk/live_visibility.h"

#include "store/visibility.h"

// What was asked: an agent and a row.
typedef struct {
    Id agent_id;
    Id id;
    gboolean is_visible;
} Known;

static guint known_hash(gconstpointer item) {
    const Known *known = item;
    return g_int64_hash(&known->id) * 31 + g_int64_hash(&known->agent_id);
}

static gboolean known_equal(gconstpointer left, gconstpointer right) {
    const Known *a = left;
    const Known *b = right;
    return a->id == b->id && a->agent_id == b->agent_id;
}

void live_visibility_init(LiveVisibility *visibility) {
    *visibility =
        (LiveVisibility){.known = g_hash_table_new_full(known_hash, known_equal, g_free, NULL)};
}

void live_visibility_clear(LiveVisibility *visibility) {
    g_clear_pointer(&visibility->known, g_hash_table_unref);
}

gboolean live_visibility_begin(LiveVisibility *visibility, Db *db, GError **error) {
    gint64 hidden = 0;
    gboolean found = FALSE;
    g_hash_table_remove_all(visibility->known);
    if (!db_query_int(db,
                      "SELECT 1 WHERE EXISTS (SELECT 1 FROM hidden_channel) OR EXISTS (SELECT 1 "
                      "FROM hidden_team)",
                      DB_NO_VALUES, &hidden, &found, error))
        return FALSE;
    visibility->hides_something = found;
    return TRUE;
}

static gboolean look(LiveVisibility *visibility, Db *db, Id agent_id, VisibilityObject object,
                     Id id) {
    Known asked = {.agent_id = agent_id, .id = id};
    const Known *known = g_hash_table_lookup(visibility->known, &asked);
    if (known != NULL)
        return known->is_visible;
    asked.is_visible = visibility_check(db, agent_id, object, id, NULL);
    g_hash_table_add(visibility->known, g_memdup2(&asked, sizeof asked));
    return asked.is_visible;
}

gboolean live_visibility_may_see(LiveVisibility *visibility, Db *db, Id agent_id,
                                 Id conversation_id, Id channel_id) {
    if (!visibility->hides_something || agent_id == 0)
        return TRUE;
    if (conversation_id != 0)
        return look(visibility, db, agent_id, VISIBILITY_CONVERSATION, conversation_id);
    return channel_id == 0 || look(visibility, db, agent_id, VISIBILITY_CHANNEL, channel_id);
}
