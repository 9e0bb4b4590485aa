#include "desk/sla_policy_change.h"

#include <string.h>

#include "base/error.h"
#include "desk/record.h"
#include "store/audit.h"
#include "store/tag.h"

static void ids_copy(GArray *to, const GArray *from) {
    g_array_set_size(to, 0);
    g_array_append_vals(to, from->data, from->len);
}

// The next version, as the one that holds.
static SlaVersion *version_after(Id policy_id, const SlaVersion *present) {
    SlaVersion *version = sla_version_new();
    version->id = id_next();
    version->policy_id = policy_id;
    version->valid_from = clock_now();
    version->is_active = present == NULL || present->is_active;
    version->warning_permille = present != NULL ? present->warning_permille : 800;
    if (present == NULL)
        return version;
    version->position = present->position;
    memcpy(version->targets, present->targets, sizeof version->targets);
    ids_copy(version->channels, present->channels);
    ids_copy(version->teams, present->teams);
    ids_copy(version->tags, present->tags);
    return version;
}

static gboolean check_known(Db *db, const char *sql, const GArray *ids, const char *what,
                            GError **error) {
    for (guint at = 0; at < ids->len; at++) {
        gint64 one;
        gboolean found;
        Id id = g_array_index(ids, Id, at);
        if (!db_query_int(db, sql, DB_VALUES(DB_ID(id)), &one, &found, error))
            return FALSE;
        if (!found) {
            error_set(error, ERROR_INVALID, "conditions_invalid",
                      "there is no %s %" G_GINT64_FORMAT, what, id);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean take_tags(Db *db, const char *const *names, GArray *ids, GError **error) {
    g_array_set_size(ids, 0);
    for (; names != NULL && *names != NULL; names++) {
        Id id = 0;
        if (!tag_find_or_add(db, *names, &id, error))
            return FALSE;
        g_array_append_val(ids, id);
    }
    return TRUE;
}

static gboolean take_conditions(Db *db, const SlaPolicyChange *change, SlaVersion *version,
                                GError **error) {
    ids_copy(version->channels, change->values->channels);
    ids_copy(version->teams, change->values->teams);
    return check_known(db, "SELECT 1 FROM channel WHERE id = $1 AND removed_at IS NULL",
                       version->channels, "channel", error) &&
           check_known(db, "SELECT 1 FROM team WHERE id = $1", version->teams, "team", error) &&
           take_tags(db, change->tags, version->tags, error);
}

static gboolean take(Db *db, const SlaPolicyChange *change, SlaVersion *version, GError **error) {
    if (change->sets_targets)
        memcpy(version->targets, change->values->targets, sizeof version->targets);
    if (change->sets_position)
        version->position = change->values->position;
    if (change->sets_active)
        version->is_active = change->values->is_active;
    if (change->sets_warning)
        version->warning_permille = change->values->warning_permille;
    return !change->sets_conditions || take_conditions(db, change, version, error);
}

static gboolean record(Db *db, const SlaVersion *version, const char *action, Actor actor,
                       Id actor_id, GError **error) {
    json_t *data = json_pack("{s:I, s:I}", "policy", (json_int_t)version->policy_id, "version",
                             (json_int_t)version->id);
    g_autoptr(Event) event = event_new(EVENT_SLA_POLICY_CHANGED, 0, actor, actor_id, data);
    event->occurred_at = version->valid_from;
    return record_event(db, event, error) &&
           audit_add(db, actor, actor_id, action, "sla_policy", version->policy_id, NULL, error);
}

gboolean sla_policy_change_add(Db *db, Id id, const SlaPolicyChange *change, Actor actor,
                               Id actor_id, GError **error) {
    g_autoptr(SlaVersion) version = version_after(id, NULL);
    return take(db, change, version, error) &&
           sla_policy_add(db, id, change->name, version->valid_from, error) &&
           sla_version_add(db, version, error) &&
           record(db, version, "sla_policy_added", actor, actor_id, error);
}

gboolean sla_policy_change(Db *db, Id id, const SlaPolicyChange *change, Actor actor, Id actor_id,
                           GError **error) {
    g_autoptr(SlaPolicy) policy = sla_policy_get(db, id, error);
    if (policy == NULL)
        return FALSE;
    g_autoptr(SlaVersion) version = version_after(id, policy->present);
    return take(db, change, version, error) &&
           (change->name == NULL || sla_policy_rename(db, id, change->name, error)) &&
           sla_version_add(db, version, error) &&
           record(db, version, "sla_policy_changed", actor, actor_id, error);
}

gboolean sla_policy_change_remove(Db *db, Id id, Actor actor, Id actor_id, GError **error) {
    g_autoptr(SlaPolicy) policy = sla_policy_get(db, id, error);
    if (policy == NULL)
        return FALSE;
    g_autoptr(SlaVersion) version = version_after(id, policy->present);
    version->is_active = FALSE;
    return sla_version_add(db, version, error) &&
           sla_policy_remove(db, id, version->valid_from, error) &&
           record(db, version, "sla_policy_removed", actor, actor_id, error);
}
