#include "store/sla_policy.h"

#include "base/error.h"

#define VERSION_COLUMNS                                                                            \
    "v.id, v.policy_id, v.valid_from, v.valid_to, v.is_active, v.position, v.warning_permille, "   \
    "v.targets, v.conditions"
#define VERSION_COLUMN_COUNT 9

void sla_policy_free(SlaPolicy *policy) {
    if (policy == NULL)
        return;
    g_free(policy->name);
    sla_version_free(policy->present);
    g_free(policy);
}

gboolean sla_policy_has_any(Db *db, gboolean *has_any, GError **error) {
    gint64 one;
    return db_query_int(db, "SELECT 1 FROM sla_policy LIMIT 1", DB_NO_VALUES, &one, has_any, error);
}

static SlaVersion *version_read(DbRows *rows, GError **error) {
    g_autoptr(SlaVersion) version = sla_version_new();
    version->id = db_rows_id(rows, 0);
    version->policy_id = db_rows_id(rows, 1);
    version->valid_from = db_rows_int(rows, 2);
    version->valid_to = db_rows_instant(rows, 3);
    version->is_active = db_rows_int(rows, 4) != 0;
    version->position = db_rows_int(rows, 5);
    version->warning_permille = db_rows_int(rows, 6);
    json_t *targets = json_loads(db_rows_text(rows, 7), 0, NULL);
    json_t *conditions = json_loads(db_rows_text(rows, 8), 0, NULL);
    gboolean is_good = sla_version_read_targets(version, targets, error);
    sla_version_read_conditions(version, conditions);
    json_decref(targets);
    json_decref(conditions);
    return is_good ? g_steal_pointer(&version) : NULL;
}

GPtrArray *sla_version_list(Db *db, Instant since, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sla_version_free);
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT " VERSION_COLUMNS " FROM sla_policy_version v WHERE v.is_active = 1"
                 " AND (v.valid_to IS NULL OR v.valid_to > $1) ORDER BY v.id",
                 DB_VALUES(DB_INT(since)), error);
    if (rows == NULL)
        return NULL;
    while (failure == NULL && db_rows_next(rows, &failure)) {
        SlaVersion *version = version_read(rows, &failure);
        if (version != NULL)
            g_ptr_array_add(list, version);
    }
    if (failure == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

#define SELECT_POLICIES                                                                            \
    "SELECT " VERSION_COLUMNS ", p.id, p.name, p.version, p.created_at FROM sla_policy p"          \
    " JOIN sla_policy_version v ON v.policy_id = p.id AND v.valid_to IS NULL"                      \
    " WHERE p.removed_at IS NULL"

static SlaPolicy *policy_read(DbRows *rows, GError **error) {
    g_autoptr(SlaPolicy) policy = g_new0(SlaPolicy, 1);
    policy->present = version_read(rows, error);
    policy->id = db_rows_id(rows, VERSION_COLUMN_COUNT);
    policy->name = g_strdup(db_rows_text(rows, VERSION_COLUMN_COUNT + 1));
    policy->version = db_rows_int(rows, VERSION_COLUMN_COUNT + 2);
    policy->created_at = db_rows_instant(rows, VERSION_COLUMN_COUNT + 3);
    return policy->present != NULL ? g_steal_pointer(&policy) : NULL;
}

static GPtrArray *policies_read(DbRows *taken, GError **error) {
    g_autoptr(DbRows) rows = taken;
    g_autoptr(GError) failure = NULL;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sla_policy_free);
    if (rows == NULL)
        return NULL;
    while (failure == NULL && db_rows_next(rows, &failure)) {
        SlaPolicy *policy = policy_read(rows, &failure);
        if (policy != NULL)
            g_ptr_array_add(list, policy);
    }
    if (failure == NULL)
        return g_steal_pointer(&list);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

GPtrArray *sla_policy_list(Db *db, GError **error) {
    return policies_read(
        db_query(db, SELECT_POLICIES " ORDER BY v.position, p.id", DB_NO_VALUES, error), error);
}

SlaPolicy *sla_policy_get(Db *db, Id id, GError **error) {
    g_autoptr(GPtrArray) list = policies_read(
        db_query(db, SELECT_POLICIES " AND p.id = $1", DB_VALUES(DB_ID(id)), error), error);
    if (list == NULL)
        return NULL;
    if (list->len > 0)
        return g_ptr_array_steal_index(list, 0);
    error_set(error, ERROR_NOT_FOUND, "sla_policy_unknown", "there is no such SLA policy");
    return NULL;
}

gboolean sla_policy_add(Db *db, Id id, const char *name, Instant now, GError **error) {
    GError *problem = NULL;
    gboolean done =
        db_run(db, "INSERT INTO sla_policy (id, name, version, created_at) VALUES ($1, $2, 0, $3)",
               DB_VALUES(DB_ID(id), DB_TEXT(name), DB_INSTANT(now)), &problem);
    return db_explain_conflict(done, problem, ERROR_CONFLICT, "sla_policy_exists",
                               "an SLA policy of this name exists", error);
}

gboolean sla_policy_rename(Db *db, Id id, const char *name, GError **error) {
    GError *problem = NULL;
    gboolean done = db_run(db, "UPDATE sla_policy SET name = $2 WHERE id = $1",
                           DB_VALUES(DB_ID(id), DB_TEXT(name)), &problem);
    return db_explain_conflict(done, problem, ERROR_CONFLICT, "sla_policy_exists",
                               "an SLA policy of this name exists", error);
}

gboolean sla_policy_remove(Db *db, Id id, Instant now, GError **error) {
    return db_run(db, "UPDATE sla_policy SET removed_at = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(id), DB_INSTANT(now)), error);
}

gboolean sla_version_add(Db *db, const SlaVersion *version, GError **error) {
    json_t *targets = sla_version_targets_json(version);
    json_t *conditions = sla_version_conditions_json(version);
    g_autofree char *targets_text = json_dumps(targets, JSON_COMPACT);
    g_autofree char *conditions_text = json_dumps(conditions, JSON_COMPACT);
    json_decref(targets);
    json_decref(conditions);
    return db_run(db,
                  "UPDATE sla_policy_version SET valid_to = $2 WHERE policy_id = $1"
                  " AND valid_to IS NULL",
                  DB_VALUES(DB_ID(version->policy_id), DB_INSTANT(version->valid_from)), error) &&
           db_run(db,
                  "INSERT INTO sla_policy_version (id, policy_id, valid_from, is_active, position,"
                  " warning_permille, targets, conditions) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  DB_VALUES(DB_ID(version->id), DB_ID(version->policy_id),
                            DB_INSTANT(version->valid_from), DB_INT(version->is_active),
                            DB_INT(version->position), DB_INT(version->warning_permille),
                            DB_TEXT(targets_text), DB_TEXT(conditions_text)),
                  error) &&
           db_run(db, "UPDATE sla_policy SET version = version + 1 WHERE id = $1",
                  DB_VALUES(DB_ID(version->policy_id)), error);
}
