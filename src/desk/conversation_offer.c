#include "desk/conversation_offer.h"

static const char offers_sql[] =
    "SELECT o.id FROM conversation c JOIN customer k ON k.id = c.customer_id"
    " JOIN customer s ON s.root_id = k.root_id JOIN conversation o ON o.customer_id = s.id"
    " WHERE c.id = $1 AND o.id <> c.id AND o.merged_into IS NULL AND o.base_subject <> ''"
    " AND o.base_subject = c.base_subject"
    " UNION SELECT r.id FROM conversation c JOIN conversation r ON r.id = c.related_to"
    " WHERE c.id = $1 AND r.merged_into IS NULL"
    " UNION SELECT r.id FROM conversation r WHERE r.related_to = $1 AND r.merged_into IS NULL"
    " ORDER BY 1 DESC LIMIT 10";

GArray *conversation_list_offers(Db *db, Id id, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(Id));
    g_autoptr(DbRows) rows = db_query(db, offers_sql, DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows, &failure)) {
        Id offer = db_rows_id(rows, 0);
        g_array_append_val(offers, offer);
    }
    if (failure == NULL)
        return g_steal_pointer(&offers);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}
