#include "desk/seen_guard.h"

#define NEWS                                                                                       \
    "SELECT id FROM message WHERE conversation_id = $1 AND removed_at IS NULL"                     \
    " AND is_automatic = 0 AND (direction = 'in' OR author = 'agent')"                             \
    " AND (agent_id IS NULL OR agent_id <> coalesce($3, 0)) AND state <> 'cancelled'"

// Ids rise in the order of recording, so also a mail that was fetched late is news. What came from
// the conversation that the writer's was merged into is news whatever its id.
static const char since[] = NEWS " AND id > $2 ORDER BY id LIMIT $4";
static const char since_or_foreign[] =
    NEWS " AND (id > $2 OR id NOT IN (SELECT message_id FROM event WHERE conversation_id = $5"
         " AND message_id IS NOT NULL)) ORDER BY id LIMIT $4";

GArray *seen_guard_find(Db *db, const SeenPlace *place, Id kept_id, GError **error) {
    const DbValue values[] = {DB_ID(kept_id), DB_ID(place->seen), DB_ID(place->agent_id),
                              DB_INT(SEEN_GUARD_MAX), DB_ID(place->conversation_id)};
    gboolean is_alias = kept_id != place->conversation_id;
    return db_query_ids(db, is_alias ? since_or_foreign : since, values, is_alias ? 5 : 4, error);
}
