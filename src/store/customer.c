#include "store/customer.h"

#include <string.h>

#include "base/error.h"
#include "store/customer_word.h"

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

static gboolean insert_identity(Db *db, Id id, Id customer_id, const char *kind, const char *scope,
                                const char *address, const char *name, GError **error) {
    return db_run(db,
                  "INSERT INTO identity (id, customer_id, kind, scope, address, name, created_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                  DB_VALUES(DB_ID(id), DB_ID(customer_id), DB_TEXT(kind), DB_TEXT(scope),
                            DB_TEXT(address), DB_TEXT(name), DB_INSTANT(clock_now())),
                  error);
}

gboolean customer_add(Db *db, const char *kind, const char *scope, const char *address,
                      const char *name, const char *language, Identity *identity, GError **error) {
    *identity = (Identity){.id = id_next(), .customer_id = id_next()};
    const char *known_name = name != NULL ? name : "";
    const char *at = strrchr(address, '@');
    DbValue now = DB_INSTANT(clock_now());
    return db_run(db,
                  "INSERT INTO customer (id, root_id, name, language, created_at, company_id)"
                  " VALUES ($1, $1, $2, $3, $4, (SELECT company_id FROM company_domain WHERE domain"
                  " = $5))",
                  DB_VALUES(DB_ID(identity->customer_id), DB_TEXT(known_name), DB_TEXT(language),
                            now, DB_TEXT(at != NULL ? at + 1 : NULL)),
                  error) &&
           insert_identity(db, identity->id, identity->customer_id, kind, scope, address,
                           known_name, error) &&
           customer_word_refresh(db, identity->customer_id, error);
}

static gboolean touch(Db *db, Id customer_id, GError **error) {
    return db_run(db,
                  "UPDATE customer SET version = version + 1 WHERE id = (SELECT root_id FROM"
                  " customer WHERE id = $1)",
                  DB_VALUES(DB_ID(customer_id)), error);
}

gboolean identity_add(Db *db, Id customer_id, const char *kind, const char *scope,
                      const char *address, const char *name, Id *identity_id, GError **error) {
    *identity_id = id_next();
    return insert_identity(db, *identity_id, customer_id, kind, scope, address, name, error) &&
           touch(db, customer_id, error) && customer_word_refresh(db, customer_id, error);
}

gboolean identity_remove(Db *db, Id identity_id, Id customer_id, GError **error) {
    gint64 used = 0;
    gboolean found;
    if (!db_query_int(
            db,
            "SELECT EXISTS (SELECT 1 FROM message WHERE identity_id = $1) OR EXISTS"
            " (SELECT 1 FROM conversation WHERE identity_id = $1) OR EXISTS (SELECT 1 FROM"
            " reaction WHERE identity_id = $1)",
            DB_VALUES(DB_ID(identity_id)), &used, &found, error))
        return FALSE;
    if (used != 0) {
        error_set(error, ERROR_CONFLICT, "identity_in_use",
                  "messages came from this address: block it instead, or erase the customer");
        return FALSE;
    }
    return db_run(db, "DELETE FROM identity WHERE id = $1", DB_VALUES(DB_ID(identity_id)), error) &&
           touch(db, customer_id, error) && customer_word_refresh(db, customer_id, error);
}

// Its customer's words are made anew only where something was learned.
static gboolean learn_name(Db *db, Id identity_id, const char *name, GError **error) {
    gint64 named = 0;
    gint64 customer_id = 0;
    gboolean found;
    if (!db_run_counted(db, "UPDATE identity SET name = $2 WHERE id = $1 AND name = ''",
                        DB_VALUES(DB_ID(identity_id), DB_TEXT(name)), &named, error))
        return FALSE;
    if (named == 0)
        return TRUE;
    return db_run(db,
                  "UPDATE customer SET name = $2, version = version + 1 WHERE name = ''"
                  " AND id = (SELECT customer_id FROM identity WHERE id = $1)",
                  DB_VALUES(DB_ID(identity_id), DB_TEXT(name)), error) &&
           db_query_int(db, "SELECT customer_id FROM identity WHERE id = $1",
                        DB_VALUES(DB_ID(identity_id)), &customer_id, &found, error) &&
           customer_word_refresh(db, customer_id, error);
}

gboolean customer_learn(Db *db, Id identity_id, const char *name, const char *language,
                        GError **error) {
    if (name != NULL && !learn_name(db, identity_id, name, error))
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
