// /api/v1/sla-policies: by when customers are to be answered.
#include <math.h>
#include <string.h>

#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "desk/sla_policy_change.h"
#include "model/business_time.h"
#include "store/calendar.h"
#include "store/wait.h"

#define IDS_MAX 100
#define TAGS_MAX 50
#define POSITION_MAX 10000

static json_t *id_json(Id id) {
    char text[ID_TEXT_SIZE];
    return json_string(id_format(id, text));
}

static json_t *ids_json(const GArray *ids) {
    json_t *list = json_array();
    for (guint at = 0; at < ids->len; at++)
        json_array_append_new(list, id_json(g_array_index(ids, Id, at)));
    return list;
}

static json_t *tag_names(Db *db, const GArray *ids, GError **error) {
    json_t *names = json_array();
    for (guint at = 0; at < ids->len; at++) {
        g_autoptr(GError) failure = NULL;
        g_autoptr(DbRows) rows = db_query(db, "SELECT name FROM tag WHERE id = $1",
                                          DB_VALUES(DB_ID(g_array_index(ids, Id, at))), &failure);
        if (rows != NULL && db_rows_next(rows, &failure))
            json_array_append_new(names, json_string(db_rows_text(rows, 0)));
        if (failure != NULL) {
            g_propagate_error(error, g_steal_pointer(&failure));
            json_decref(names);
            return NULL;
        }
    }
    return names;
}

// The channels that the policy is about.
static GArray *list_channels(Db *db, const SlaVersion *version, GError **error) {
    if (version->channels->len > 0)
        return g_array_copy(version->channels);
    return wait_id_list(db_query(db, "SELECT id FROM channel WHERE removed_at IS NULL ORDER BY id",
                                 DB_NO_VALUES, error),
                        error);
}

static gboolean has_due_times(const SlaVersion *version, const Calendar *calendar, Instant now) {
    for (guint target = 0; target < SLA_TARGETS; target++)
        for (guint at = 0; at < SLA_PRIORITIES; at++) {
            SlaDuration duration = version->targets[target][at];
            if (duration.is_business &&
                business_time_due(calendar, now, duration.ms) == INSTANT_NONE)
                return FALSE;
        }
    return TRUE;
}

// Ids of the channels where its business targets can never be due: no calendar, or one without
// opening hours in the next 400 days. NULL with an error.
static json_t *misconfigured_channels(Db *db, const SlaVersion *version, GError **error) {
    g_autoptr(CalendarShelf) calendars = calendar_shelf_new(db);
    g_autoptr(GArray) channels = list_channels(db, version, error);
    json_t *list = channels != NULL ? json_array() : NULL;
    for (guint at = 0; list != NULL && at < channels->len; at++) {
        const Calendar *calendar;
        Id id = g_array_index(channels, Id, at);
        if (!calendar_shelf_find(calendars, id, &calendar, error))
            g_clear_pointer(&list, json_decref);
        else if (!has_due_times(version, calendar, clock_now()))
            json_array_append_new(list, id_json(id));
    }
    return list;
}

// NULL with an error.
static json_t *policy_json(Db *db, const SlaPolicy *policy, GError **error) {
    const SlaVersion *version = policy->present;
    json_t *tags = tag_names(db, version->tags, error);
    json_t *bad = tags != NULL ? misconfigured_channels(db, version, error) : NULL;
    if (bad == NULL) {
        json_decref(tags);
        return NULL;
    }
    g_autofree char *created_at = instant_format(policy->created_at);
    g_autofree char *valid_from = instant_format(version->valid_from);
    const char *state = json_array_size(bad) > 0 ? "misconfigured" : "ok";
    return json_pack(
        "{s:o, s:s, s:I, s:b, s:I, s:f, s:o, s:{s:o, s:o, s:o}, s:s, s:o, s:s, s:s}", "id",
        id_json(policy->id), "name", policy->name, "version", (json_int_t)policy->version,
        "is_active", version->is_active, "position", (json_int_t)version->position, "warning_share",
        (double)version->warning_permille / 1000, "targets", sla_version_targets_json(version),
        "conditions", "channels", ids_json(version->channels), "teams", ids_json(version->teams),
        "tags", tags, "state", state, "misconfigured_channels", bad, "created_at", created_at,
        "valid_from", valid_from);
}

static json_t *load(Db *db, Id id, gint64 *version, GError **error) {
    g_autoptr(SlaPolicy) policy = sla_policy_get(db, id, error);
    if (policy == NULL)
        return NULL;
    *version = policy->version;
    return policy_json(db, policy, error);
}

static json_t *load_all(Db *db, GError **error) {
    g_autoptr(GPtrArray) policies = sla_policy_list(db, error);
    json_t *items = policies != NULL ? json_array() : NULL;
    for (guint at = 0; items != NULL && at < policies->len; at++) {
        json_t *json = policy_json(db, g_ptr_array_index(policies, at), error);
        if (json == NULL)
            g_clear_pointer(&items, json_decref);
        else
            json_array_append_new(items, json);
    }
    return items;
}

static void list_policies(ApiCall *call) {
    GError *error = NULL;
    Db *db = api_call_reader(call, &error);
    json_t *items = db != NULL ? load_all(db, &error) : NULL;
    if (items != NULL)
        api_call_answer_json(call, 200, json_pack("{s:o}", "items", items));
    else
        api_call_fail(call, error);
}

static void get_policy(ApiCall *call) {
    GError *error = NULL;
    gint64 version = 0;
    Id id = api_call_path_id(call, "policy", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    json_t *json = db != NULL ? load(db, id, &version, &error) : NULL;
    if (json == NULL) {
        api_call_fail(call, error);
        return;
    }
    api_call_add_version(call, version);
    api_call_answer_json(call, 200, json);
}

// A change with the texts that it points to: they live in the call's body until the answer.
typedef struct {
    Id id;
    gboolean is_new;
    SlaVersion *values; // owned
    SlaPolicyChange change;
    const char *tags[TAGS_MAX + 1];
} PolicyWrite;

static void policy_write_free(gpointer data) {
    PolicyWrite *write = data;
    sla_version_free(write->values);
    g_free(write);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PolicyWrite, policy_write_free)

static gboolean refuse(GError **error, const char *code, const char *text) {
    error_set(error, ERROR_INVALID, code, "%s", text);
    return FALSE;
}

static gboolean read_tags(const json_t *list, PolicyWrite *write, GError **error) {
    size_t at;
    const json_t *item;
    if (!json_is_array(list) || json_array_size(list) > TAGS_MAX)
        return refuse(error, "conditions_invalid", "tags must be a list of at most 50 names");
    json_array_foreach(list, at, item) {
        write->tags[at] = json_string_value(item);
        if (write->tags[at] == NULL || !field_check_line("tags", write->tags[at], 1, 100, NULL))
            return refuse(error, "conditions_invalid", "a tag has 1 to 100 characters in one line");
    }
    write->change.tags = write->tags;
    return TRUE;
}

static gboolean read_ids(const char *name, const json_t *list, GArray *to, GError **error) {
    if (list == NULL)
        return TRUE;
    g_autoptr(GArray) ids = field_read_ids(name, list, IDS_MAX, error);
    if (ids == NULL)
        return FALSE;
    g_array_append_vals(to, ids->data, ids->len);
    return TRUE;
}

static gboolean read_conditions(const json_t *conditions, PolicyWrite *write, GError **error) {
    const char *const names[] = {"channels", "teams", "tags"};
    gsize known = 0;
    if (conditions == NULL)
        return TRUE;
    for (gsize at = 0; at < G_N_ELEMENTS(names); at++)
        known += json_object_get(conditions, names[at]) != NULL;
    if (!json_is_object(conditions) || json_object_size(conditions) != known)
        return refuse(error, "conditions_invalid", "conditions may have channels, teams and tags");
    const json_t *tags = json_object_get(conditions, "tags");
    write->change.sets_conditions = TRUE;
    return read_ids("channels", json_object_get(conditions, "channels"), write->values->channels,
                    error) &&
           read_ids("teams", json_object_get(conditions, "teams"), write->values->teams, error) &&
           (tags == NULL || read_tags(tags, write, error));
}

static gboolean read_position(const json_t *position, PolicyWrite *write, GError **error) {
    gint64 value = json_integer_value(position);
    write->change.sets_position = position != NULL;
    write->values->position = value;
    return position == NULL || (json_is_integer(position) && value >= 0 && value <= POSITION_MAX) ||
           refuse(error, "position_invalid", "position must be 0 to 10000");
}

static gboolean read_share(const json_t *share, PolicyWrite *write, GError **error) {
    double value = json_number_value(share);
    write->change.sets_warning = share != NULL;
    write->values->warning_permille = (gint64)lround(CLAMP(value, 0, 1) * 1000);
    return share == NULL || (json_is_number(share) && value >= 0.01 && value <= 1) ||
           refuse(error, "warning_share_invalid", "warning_share must be 0.01 to 1, such as 0.8");
}

static gboolean read_targets(const json_t *targets, PolicyWrite *write, GError **error) {
    write->change.sets_targets = targets != NULL;
    return targets == NULL || sla_version_read_targets(write->values, targets, error);
}

static gboolean decode_into(ApiCall *call, const char *format, PolicyWrite *write, GError **error) {
    json_t *targets = NULL;
    json_t *conditions = NULL;
    json_t *position = NULL;
    json_t *share = NULL;
    int is_active = -1;
    const char *name = NULL;
    if (!api_call_unpack(call, error, format, "name", &name, "targets", &targets, "conditions",
                         &conditions, "position", &position, "warning_share", &share, "is_active",
                         &is_active))
        return FALSE;
    write->change.name = name;
    write->change.sets_active = is_active != -1;
    write->values->is_active = is_active == 1;
    return (name == NULL || field_check_line("name", name, 1, 100, error)) &&
           read_targets(targets, write, error) && read_conditions(conditions, write, error) &&
           read_position(position, write, error) && read_share(share, write, error);
}

static PolicyWrite *decode(ApiCall *call, const char *format, GError **error) {
    g_autoptr(PolicyWrite) write = g_new0(PolicyWrite, 1);
    write->values = sla_version_new();
    write->change.values = write->values;
    return decode_into(call, format, write, error) ? g_steal_pointer(&write) : NULL;
}

static gboolean answer(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    gint64 version = 0;
    json_t *json = load(db, id, &version, error);
    if (json == NULL)
        return FALSE;
    api_call_add_version(call, version);
    api_call_answer_json(call, status, json);
    return TRUE;
}

static gboolean run_add(ApiCall *call, Db *db, gpointer data, GError **error) {
    const PolicyWrite *write = data;
    Id actor_id;
    Id id = id_next();
    Actor actor = api_call_actor(call, &actor_id);
    return sla_policy_change_add(db, id, &write->change, actor, actor_id, error) &&
           answer(call, db, id, 201, error);
}

static gboolean match_version(ApiCall *call, Db *db, Id id, GError **error) {
    g_autoptr(SlaPolicy) policy = sla_policy_get(db, id, error);
    return policy != NULL && api_call_match_version(call, policy->version, error);
}

static gboolean run_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const PolicyWrite *write = data;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    return match_version(call, db, write->id, error) &&
           sla_policy_change(db, write->id, &write->change, actor, actor_id, error) &&
           answer(call, db, write->id, 200, error);
}

static gboolean run_remove(ApiCall *call, Db *db, gpointer data, GError **error) {
    const PolicyWrite *write = data;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    if (!match_version(call, db, write->id, error) ||
        !sla_policy_change_remove(db, write->id, actor, actor_id, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void add_policy(ApiCall *call) {
    GError *error = NULL;
    PolicyWrite *write = decode(call, "{s:s, s:o, s?o, s?o, s?o, s?b}", &error);
    if (write == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, run_add, write, policy_write_free);
}

static void change_policy(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "policy", &error);
    PolicyWrite *write = id != 0 ? decode(call, "{s?s, s?o, s?o, s?o, s?o, s?b}", &error) : NULL;
    if (write == NULL) {
        api_call_fail(call, error);
        return;
    }
    write->id = id;
    api_call_write(call, run_change, write, policy_write_free);
}

static void remove_policy(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "policy", &error);
    if (id == 0) {
        api_call_fail(call, error);
        return;
    }
    PolicyWrite *write = g_new0(PolicyWrite, 1);
    write->id = id;
    api_call_write(call, run_remove, write, policy_write_free);
}

const ApiRoute api_sla_policy_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/sla-policies",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = list_policies},
    {.method = "POST",
     .pattern = "/api/v1/sla-policies",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = add_policy},
    {.method = "GET",
     .pattern = "/api/v1/sla-policies/{policy}",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = get_policy},
    {.method = "PATCH",
     .pattern = "/api/v1/sla-policies/{policy}",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = change_policy},
    {.method = "DELETE",
     .pattern = "/api/v1/sla-policies/{policy}",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = remove_policy},
    {0},
};
