#include "desk/customer_change.h"

#include "base/error.h"
#include "desk/customer_field.h"
#include "desk/record.h"
#include "store/customer.h"
#include "store/customer_word.h"

static gboolean unknown(const char *code, const char *what, GError **error) {
    error_set(error, ERROR_NOT_FOUND, code, "there is no such %s", what);
    return FALSE;
}

gboolean customer_get_root(Db *db, Id customer_id, Id *root, GError **error) {
    gboolean found;
    *root = 0;
    return db_query_int(db,
                        "SELECT root.id FROM customer JOIN customer AS root ON root.id ="
                        " customer.root_id WHERE customer.id = $1 AND root.erased_at IS NULL",
                        DB_VALUES(DB_ID(customer_id)), root, &found, error) &&
           (found || unknown("customer_unknown", "customer", error));
}

gboolean customer_record(Db *db, Id customer_id, const char *what, Id id, CustomerActor who,
                         GError **error) {
    json_t *data = json_pack("{s:I, s:s}", "customer", (json_int_t)customer_id, "what", what);
    if (id != 0)
        json_object_set_new(data, "id", json_integer(id));
    return record_happening(db, EVENT_CUSTOMER_CHANGED, 0, who.actor, who.actor_id, data, error);
}

static gboolean check_exists(Db *db, const char *sql, Id id, const char *code, const char *what,
                             GError **error) {
    gint64 one;
    gboolean found = TRUE;
    if (id != 0 && !db_query_int(db, sql, DB_VALUES(DB_ID(id)), &one, &found, error))
        return FALSE;
    return found || unknown(code, what, error);
}

static gboolean check(Db *db, const CustomerChange *change, GError **error) {
    return check_exists(db, "SELECT 1 FROM company WHERE id = $1", change->company_id,
                        "company_unknown", "company", error) &&
           check_exists(db, "SELECT 1 FROM channel WHERE id = $1 AND removed_at IS NULL",
                        change->preferred_channel_id, "channel_unknown", "channel", error);
}

static gboolean apply(Db *db, Id root, const CustomerChange *change, GError **error) {
    return db_run(db,
                  "UPDATE customer SET name = COALESCE($2, name), language = CASE WHEN $3 = ''"
                  " THEN NULL ELSE COALESCE($3, language) END, company_id = CASE WHEN $4 = 1 THEN"
                  " $5 ELSE company_id END, preferred_channel_id = CASE WHEN $6 = 1 THEN $7 ELSE"
                  " preferred_channel_id END, version = version + 1 WHERE id = $1",
                  DB_VALUES(DB_ID(root), DB_TEXT(change->name), DB_TEXT(change->language),
                            DB_INT(change->sets_company), DB_ID(change->company_id),
                            DB_INT(change->sets_preferred_channel),
                            DB_ID(change->preferred_channel_id)),
                  error) &&
           customer_word_refresh(db, root, error);
}

gboolean customer_change(Db *db, Id customer_id, const CustomerChange *change, CustomerActor who,
                         GError **error) {
    Id root;
    return customer_get_root(db, customer_id, &root, error) && check(db, change, error) &&
           apply(db, root, change, error) && customer_record(db, root, "changed", 0, who, error) &&
           (change->fields == NULL || customer_field_set(db, root, change->fields, who, error));
}

gboolean customer_create(Db *db, const CustomerChange *change, Id *customer_id, CustomerActor who,
                         GError **error) {
    *customer_id = id_next();
    return check(db, change, error) &&
           db_run(db,
                  "INSERT INTO customer (id, root_id, created_at, version) VALUES ($1, $1, $2, 0)",
                  DB_VALUES(DB_ID(*customer_id), DB_INSTANT(clock_now())), error) &&
           apply(db, *customer_id, change, error) &&
           customer_record(db, *customer_id, "added", 0, who, error) &&
           (change->fields == NULL ||
            customer_field_set(db, *customer_id, change->fields, who, error));
}
