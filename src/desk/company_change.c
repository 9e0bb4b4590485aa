#include "desk/company_change.h"

#include "base/error.h"
#include "desk/record.h"

static gboolean record(Db *db, Id company_id, const char *what, CustomerActor who, GError **error) {
    json_t *data = json_pack("{s:I, s:s}", "company", (json_int_t)company_id, "what", what);
    return record_happening(db, EVENT_COMPANY_CHANGED, 0, who.actor, who.actor_id, data, error);
}

static gboolean add_domain(Db *db, Id company_id, const char *domain, GError **error) {
    GError *problem = NULL;
    if (db_run(db, "INSERT INTO company_domain (domain, company_id) VALUES ($1, $2)",
               DB_VALUES(DB_TEXT(domain), DB_ID(company_id)), &problem))
        return TRUE;
    if (error_kind(problem) != ERROR_CONFLICT) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    g_error_free(problem);
    error_set(error, ERROR_CONFLICT, "domain_taken", "a company has the domain %s already", domain);
    return FALSE;
}

static gboolean set_domains(Db *db, Id company_id, const char *const *domains, GError **error) {
    if (domains == NULL)
        return TRUE;
    if (!db_run(db, "DELETE FROM company_domain WHERE company_id = $1",
                DB_VALUES(DB_ID(company_id)), error))
        return FALSE;
    for (; *domains != NULL; domains++)
        if (!add_domain(db, company_id, *domains, error))
            return FALSE;
    return TRUE;
}

gboolean company_add(Db *db, const CompanyChange *change, Id *company_id, CustomerActor who,
                     GError **error) {
    *company_id = id_next();
    return db_run(db, "INSERT INTO company (id, name, created_at) VALUES ($1, $2, $3)",
                  DB_VALUES(DB_ID(*company_id), DB_TEXT(change->name), DB_INSTANT(clock_now())),
                  error) &&
           set_domains(db, *company_id, change->domains, error) &&
           record(db, *company_id, "added", who, error);
}

static gboolean unknown(GError **error) {
    error_set(error, ERROR_NOT_FOUND, "company_unknown", "there is no such company");
    return FALSE;
}

// Its customers are found by its name: their words are made again, by and by.
static gboolean forget_words(Db *db, Id company_id, GError **error) {
    return db_run(db, "UPDATE customer SET is_indexed = 0 WHERE company_id = $1",
                  DB_VALUES(DB_ID(company_id)), error);
}

gboolean company_change(Db *db, Id company_id, const CompanyChange *change, CustomerActor who,
                        GError **error) {
    gint64 changed = 0;
    if (!db_run_counted(db,
                        "UPDATE company SET name = COALESCE($2, name), version = version + 1 WHERE"
                        " id = $1",
                        DB_VALUES(DB_ID(company_id), DB_TEXT(change->name)), &changed, error))
        return FALSE;
    if (changed == 0)
        return unknown(error);
    return set_domains(db, company_id, change->domains, error) &&
           (change->name == NULL || forget_words(db, company_id, error)) &&
           record(db, company_id, "changed", who, error);
}

gboolean company_remove(Db *db, Id company_id, CustomerActor who, GError **error) {
    static const char *const none[] = {NULL};
    gint64 removed = 0;
    if (!forget_words(db, company_id, error) ||
        !db_run(db,
                "UPDATE customer SET company_id = NULL, version = version + 1 WHERE company_id ="
                " $1",
                DB_VALUES(DB_ID(company_id)), error) ||
        !set_domains(db, company_id, none, error) ||
        !db_run_counted(db, "DELETE FROM company WHERE id = $1", DB_VALUES(DB_ID(company_id)),
                        &removed, error))
        return FALSE;
    return removed > 0 ? record(db, company_id, "removed", who, error) : unknown(error);
}
