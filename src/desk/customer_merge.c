#include "base/error.h"
#include "desk/conversation_merge.h"
#include "desk/record.h"
#include "store/customer.h"

static gboolean get_root(Db *db, Id id, Id *root, GError **error) {
    *root = 0;
    if (!customer_find_root(db, id, root, error))
        return FALSE;
    if (*root == 0)
        error_set(error, ERROR_NOT_FOUND, "customer_unknown",
                  "there is no customer %" G_GINT64_FORMAT, id);
    return *root != 0;
}

static gboolean record(Db *db, EventType type, Id from, Id to, Id agent_id, GError **error) {
    json_t *data = json_pack("{s:I, s:I}", "from", (json_int_t)from, "to", (json_int_t)to);
    return record_happening(db, type, 0, ACTOR_AGENT, agent_id, data, error);
}

gboolean customer_merge(Db *db, Id into, Id from, Id agent_id, GError **error) {
    Id kept, other;
    if (!get_root(db, into, &kept, error) || !get_root(db, from, &other, error))
        return FALSE;
    if (kept == other) {
        error_set(error, ERROR_CONFLICT, "customers_are_one", "these are one customer already");
        return FALSE;
    }
    return db_run(db, "UPDATE customer SET merged_into = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(other), DB_ID(kept)), error) &&
           db_run(db, "UPDATE customer SET root_id = $2 WHERE root_id = $1",
                  DB_VALUES(DB_ID(other), DB_ID(kept)), error) &&
           record(db, EVENT_CUSTOMER_MERGED, other, kept, agent_id, error);
}

gboolean customer_unmerge(Db *db, Id from, Id agent_id, GError **error) {
    Id into = 0;
    gboolean found;
    if (!db_query_int(db, "SELECT merged_into FROM customer WHERE id = $1", DB_VALUES(DB_ID(from)),
                      &into, &found, error))
        return FALSE;
    if (into == 0) {
        error_set(error, ERROR_CONFLICT, "customer_not_merged",
                  "this customer was not merged into another");
        return FALSE;
    }
    return db_run(db, "UPDATE customer SET merged_into = NULL WHERE id = $1",
                  DB_VALUES(DB_ID(from)), error) &&
           db_run(db,
                  "WITH RECURSIVE part (id) AS (SELECT id FROM customer WHERE id = $1 UNION"
                  " SELECT c.id FROM customer c JOIN part p ON c.merged_into = p.id)"
                  " UPDATE customer SET root_id = $1 WHERE id IN (SELECT id FROM part)",
                  DB_VALUES(DB_ID(from)), error) &&
           record(db, EVENT_CUSTOMER_UNMERGED, from, into, agent_id, error);
}
