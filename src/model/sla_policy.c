#include "model/sla_policy.h"

#include <string.h>

#include "base/error.h"

#define DURATION_MAX_MS (400 * 24 * G_GINT64_CONSTANT(3600000))

static const char *const target_names[SLA_TARGETS] = {
    [SLA_FIRST_RESPONSE] = "first_response",
    [SLA_NEXT_RESPONSE] = "next_response",
    [SLA_RESOLUTION] = "resolution",
};

static const char *const priority_names[SLA_PRIORITIES] = {"low", "normal", "high", "urgent"};

const char *sla_target_name(SlaTarget target) {
    return target_names[target];
}

static gboolean name_find(const char *const *names, guint count, const char *name, guint *index) {
    for (guint at = 0; at < count; at++)
        if (strcmp(names[at], name) == 0) {
            *index = at;
            return TRUE;
        }
    return FALSE;
}

gboolean sla_target_parse(const char *name, SlaTarget *target) {
    guint index;
    if (!name_find(target_names, SLA_TARGETS, name, &index))
        return FALSE;
    *target = (SlaTarget)index;
    return TRUE;
}

SlaVersion *sla_version_new(void) {
    SlaVersion *version = g_new0(SlaVersion, 1);
    version->valid_to = INSTANT_NONE;
    version->channels = g_array_new(FALSE, FALSE, sizeof(Id));
    version->teams = g_array_new(FALSE, FALSE, sizeof(Id));
    version->tags = g_array_new(FALSE, FALSE, sizeof(Id));
    return version;
}

void sla_version_free(SlaVersion *version) {
    if (version == NULL)
        return;
    g_array_unref(version->channels);
    g_array_unref(version->teams);
    g_array_unref(version->tags);
    g_free(version);
}

static gboolean refuse(GError **error, const char *member, const char *wanted) {
    error_set(error, ERROR_INVALID, "targets_invalid", "%s must be %s", member, wanted);
    return FALSE;
}

static gboolean read_duration(const json_t *json, const char *member, SlaDuration *duration,
                              GError **error) {
    const char *time = json_string_value(json_object_get(json, "time"));
    const json_t *ms = json_object_get(json, "ms");
    if (json_is_null(json)) {
        *duration = (SlaDuration){0};
        return TRUE;
    }
    duration->ms = json_integer_value(ms);
    duration->is_business = g_strcmp0(time, "business") == 0;
    gboolean has_time = duration->is_business || g_strcmp0(time, "elapsed") == 0;
    if (json_object_size(json) == 2 && json_is_integer(ms) && has_time && duration->ms > 0 &&
        duration->ms <= DURATION_MAX_MS)
        return TRUE;
    return refuse(error, member,
                  "{\"ms\": 1 to 400 days, \"time\": \"business\" or \"elapsed\"}, or null");
}

static gboolean read_priority(const json_t *target, const char *name, SlaDuration *duration,
                              GError **error) {
    const json_t *own = json_object_get(target, name);
    const json_t *otherwise = json_object_get(target, "default");
    *duration = (SlaDuration){0};
    if (own != NULL)
        return read_duration(own, name, duration, error);
    return otherwise == NULL || read_duration(otherwise, "default", duration, error);
}

static gboolean read_target(SlaVersion *version, SlaTarget target, json_t *json, GError **error) {
    const char *name;
    json_t *value;
    guint index;
    if (!json_is_object(json))
        return refuse(error, target_names[target], "an object of priorities");
    json_object_foreach(json, name, value) {
        if (strcmp(name, "default") != 0 &&
            !name_find(priority_names, SLA_PRIORITIES, name, &index))
            return refuse(error, name, "one of low, normal, high, urgent, default");
    }
    for (guint at = 0; at < SLA_PRIORITIES; at++)
        if (!read_priority(json, priority_names[at], &version->targets[target][at], error))
            return FALSE;
    return TRUE;
}

gboolean sla_version_read_targets(SlaVersion *version, const json_t *targets, GError **error) {
    const char *name;
    json_t *value;
    SlaTarget target;
    if (!json_is_object(targets))
        return refuse(error, "targets", "an object");
    memset(version->targets, 0, sizeof version->targets);
    void *iterator = json_object_iter((json_t *)(guintptr)targets);
    for (; iterator != NULL;
         iterator = json_object_iter_next((json_t *)(guintptr)targets, iterator)) {
        name = json_object_iter_key(iterator);
        value = json_object_iter_value(iterator);
        if (!sla_target_parse(name, &target))
            return refuse(error, name, "one of first_response, next_response, resolution");
        if (!read_target(version, target, value, error))
            return FALSE;
    }
    return TRUE;
}

static json_t *target_json(const SlaDuration *durations) {
    json_t *json = json_object();
    for (guint at = 0; at < SLA_PRIORITIES; at++)
        if (durations[at].ms != 0)
            json_object_set_new(json, priority_names[at],
                                json_pack("{s:I, s:s}", "ms", (json_int_t)durations[at].ms, "time",
                                          durations[at].is_business ? "business" : "elapsed"));
    return json;
}

json_t *sla_version_targets_json(const SlaVersion *version) {
    json_t *json = json_object();
    for (guint target = 0; target < SLA_TARGETS; target++) {
        json_t *durations = target_json(version->targets[target]);
        if (json_object_size(durations) > 0)
            json_object_set(json, target_names[target], durations);
        json_decref(durations);
    }
    return json;
}

static void read_ids(const json_t *list, GArray *ids) {
    size_t at;
    const json_t *item;
    g_array_set_size(ids, 0);
    json_array_foreach(list, at, item) {
        Id id = json_integer_value(item);
        g_array_append_val(ids, id);
    }
}

void sla_version_read_conditions(SlaVersion *version, const json_t *conditions) {
    read_ids(json_object_get(conditions, "channels"), version->channels);
    read_ids(json_object_get(conditions, "teams"), version->teams);
    read_ids(json_object_get(conditions, "tags"), version->tags);
}

static json_t *ids_json(const GArray *ids) {
    json_t *list = json_array();
    for (guint at = 0; at < ids->len; at++)
        json_array_append_new(list, json_integer(g_array_index(ids, Id, at)));
    return list;
}

json_t *sla_version_conditions_json(const SlaVersion *version) {
    return json_pack("{s:o, s:o, s:o}", "channels", ids_json(version->channels), "teams",
                     ids_json(version->teams), "tags", ids_json(version->tags));
}

static gboolean has_id(const GArray *ids, Id id) {
    for (guint at = 0; ids != NULL && at < ids->len; at++)
        if (g_array_index(ids, Id, at) == id)
            return TRUE;
    return FALSE;
}

static gboolean has_any(const GArray *wanted, const GArray *ids) {
    for (guint at = 0; at < wanted->len; at++)
        if (has_id(ids, g_array_index(wanted, Id, at)))
            return TRUE;
    return FALSE;
}

static gboolean matches(const SlaVersion *version, Instant at, const SlaFacts *facts) {
    gboolean holds = version->is_active && version->valid_from <= at &&
                     (version->valid_to == INSTANT_NONE || version->valid_to > at);
    return holds && (version->channels->len == 0 || has_id(version->channels, facts->channel_id)) &&
           (version->teams->len == 0 || has_id(version->teams, facts->team_id)) &&
           (version->tags->len == 0 || has_any(version->tags, facts->tags));
}

static int specificity(const SlaVersion *version) {
    return (version->channels->len > 0) + (version->teams->len > 0) + (version->tags->len > 0);
}

static gboolean is_before(const SlaVersion *a, const SlaVersion *b) {
    int difference = specificity(a) - specificity(b);
    if (difference != 0)
        return difference > 0;
    return a->position != b->position ? a->position < b->position : a->policy_id < b->policy_id;
}

const SlaVersion *sla_version_choose(const GPtrArray *versions, Instant at, const SlaFacts *facts) {
    const SlaVersion *best = NULL;
    for (guint index = 0; index < versions->len; index++) {
        const SlaVersion *version = g_ptr_array_index(versions, index);
        if (matches(version, at, facts) && (best == NULL || is_before(version, best)))
            best = version;
    }
    return best;
}

SlaDuration sla_version_duration(const SlaVersion *version, SlaTarget target, int priority) {
    return version->targets[target][CLAMP(priority + 1, 0, SLA_PRIORITIES - 1)];
}
