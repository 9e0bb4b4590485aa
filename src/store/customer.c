#include "store/customer.h"

#include "base/error.h"

gboolean identity_find(Db *db, const char *kind, const char *scope, const char *address,
                       Identity *identity, gboolean *found, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT i.id, c.root_id, i.blocked_at FROM identity i"
                 " JOIN customer c ON c.id = i.customer_id"
                 " WHERE i.kind = $1 AND i.scope = $2 AND i.address = $3",
                 DB_VALUES(DB_TEXT(kind), DB_TEXT(scope), DB_TEXT(address)), error);
    if (rows == NULL)
        return FALSE;
    *found = db_rows_next(rows, &failure);
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (*found)
        *identity = (Identity){.id = db_rows_id(rows, 0),
                               .customer_id = db_rows_id(rows, 1),
                               .is_blocked = !db_rows_is_null(rows, 2)};
    return TRUE;
}

gboolean customer_add(Db *db, const char *kind, const char *scope, const char *address,
                      const char *name, const char *language, Identity *identity, GError **error) {
    *identity = (Identity){.id = id_next(), .customer_id = id_next()};
    const char *known_name = name != NULL ? name : "";
    DbValue now = DB_INSTANT(clock_now());
    return db_run(
               db,
               "INSERT INTO customer (id, root_id, name, language, created_at)"
               " VALUES ($1, $1, $2, $3, $4)",
               DB_VALUES(DB_ID(identity->customer_id), DB_TEXT(known_name), DB_TEXT(language), now),
               error) &&
           db_run(db,
                  "INSERT INTO identity (id, customer_id, kind, scope, address, name, created_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                  DB_VALUES(DB_ID(identity->id), DB_ID(identity->customer_id), DB_TEXT(kind),
                            DB_TEXT(scope), DB_TEXT(address), DB_TEXT(known_name), now),
                  error);
}

gboolean customer_learn(Db *db, Id identity_id, const char *name, const char *language,
                        GError **error) {
    if (name != NULL && (!db_run(db, "UPDATE identity SET name = $2 WHERE id = $1 AND name = ''",
                                 DB_VALUES(DB_ID(identity_id), DB_TEXT(name)), error) ||
                         !db_run(db,
                                 "UPDATE customer SET name = $2 WHERE name = ''"
                                 " AND id = (SELECT customer_id FROM identity WHERE id = $1)",
                                 DB_VALUES(DB_ID(identity_id), DB_TEXT(name)), error)))
        return FALSE;
    return language == NULL || db_run(db,
                                      "UPDATE customer SET language = $2 WHERE language IS NULL"
                                      " AND id = (SELECT customer_id FROM identity WHERE id = $1)",
                                      DB_VALUES(DB_ID(identity_id), DB_TEXT(language)), error);
}

gboolean customer_find_root(Db *db, Id customer_id, Id *root, GError **error) {
    gboolean found;
    return db_query_int(db, "SELECT root_id FROM customer WHERE id = $1",
                        DB_VALUES(DB_ID(customer_id)), root, &found, error);
}

gboolean identity_set_blocked(Db *db, Id identity_id, gboolean is_blocked, Instant version,
                              GError **error) {
    return db_run(
        db,
        "UPDATE identity SET blocked_at = $2, block_version = $3"
        " WHERE id = $1 AND block_version < $3",
        DB_VALUES(DB_ID(identity_id), is_blocked ? DB_INSTANT(version) : DB_NULL, DB_INT(version)),
        error);
}

gboolean customer_change(Db *db, Id customer_id, const char *name, const char *language,
                         GError **error) {
    gint64 changed = 0;
    if (!db_run_counted(db,
                        "UPDATE customer SET name = COALESCE($2, name), language = COALESCE($3, "
                        "language) WHERE id = (SELECT root_id FROM customer WHERE id = $1)",
                        DB_VALUES(DB_ID(customer_id), DB_TEXT(name), DB_TEXT(language)), &changed,
                        error))
        return FALSE;
    if (changed == 0)
        error_set(error, ERROR_NOT_FOUND, "customer_unknown", "there is no such customer");
    return changed > 0;
}
