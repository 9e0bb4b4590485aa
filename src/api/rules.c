// /api/v1/rules: when, if, then; in an order of their own.
#include "model/rule.h"

#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "base/json_text.h"
#include "store/audit.h"
#include "store/rule.h"

static void write_rule(JsonText *text, const RuleRow *row) {
    json_text_begin_object(text, NULL);
    json_text_add_id(text, "id", row->id);
    json_text_add_text(text, "name", row->name);
    json_text_add_int(text, "position", row->position);
    json_text_add_bool(text, "is_active", row->is_active);
    json_text_add_raw(text, "when", row->trigger_on);
    json_text_add_raw(text, "conditions", row->conditions);
    json_text_add_raw(text, "actions", row->actions);
    json_text_add_bool(text, "stops", row->stops);
    json_text_add_instant(text, "active_since", row->active_since);
    json_text_add_instant(text, "created_at", row->created_at);
    json_text_add_int(text, "version", row->version);
    json_text_end_object(text);
}

static void answer_rule(ApiCall *call, const RuleRow *row, unsigned status) {
    g_auto(JsonText) text;
    json_text_init(&text);
    write_rule(&text, row);
    api_call_add_version(call, row->version);
    api_call_answer_bytes(call, status, "application/json", json_text_take(&text));
}

static gboolean answer_all(ApiCall *call, Db *db, GError **error) {
    g_auto(JsonText) text;
    g_autoptr(GPtrArray) rows = rule_row_list(db, error);
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    json_text_begin_array(&text, "items");
    for (guint at = 0; rows != NULL && at < rows->len; at++)
        write_rule(&text, rows->pdata[at]);
    json_text_end_array(&text);
    json_text_end_object(&text);
    if (rows != NULL)
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    return rows != NULL;
}

static void list_rules(ApiCall *call) {
    GError *error = NULL;
    Db *db = api_call_reader(call, &error);
    if (db == NULL || !answer_all(call, db, &error))
        api_call_fail(call, error);
}

// The rule of the path, or NULL with an error.
static RuleRow *load(ApiCall *call, GError **error) {
    Id id = api_call_path_id(call, "rule", error);
    Db *db = id != 0 ? api_call_reader(call, error) : NULL;
    return db != NULL ? rule_row_get(db, id, error) : NULL;
}

static void get_rule(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(RuleRow) row = load(call, &error);
    if (row == NULL)
        api_call_fail(call, error);
    else
        answer_rule(call, row, 200);
}

static char *dump(const json_t *json, const char *name, const char *otherwise) {
    const json_t *member = json_object_get(json, name);
    return member != NULL ? json_dumps(member, JSON_COMPACT) : g_strdup(otherwise);
}

// A rule acts on what is hidden from its writer, too, and could make it show.
static gboolean check_writer(const ApiCall *call, GError **error) {
    return api_call_see_all(call, "a rule", error);
}

// Compiled to see that it can be; kept as it was written.
static RuleRow *decode(ApiCall *call, GError **error) {
    json_t *json = check_writer(call, error) ? api_call_json(call, error) : NULL;
    g_autoptr(Rule) rule = json != NULL ? rule_decode(json, error) : NULL;
    if (rule == NULL)
        return NULL;
    for (guint at = 0; at < rule->actions->actions->len; at++) {
        const Action *action = rule->actions->actions->pdata[at];
        if (action->type == ACTION_ASSIGN_TEAM &&
            !api_call_see(call, VISIBILITY_TEAM, action->id, error))
            return NULL;
    }
    RuleRow *row = g_new0(RuleRow, 1);
    row->name = g_strdup(rule->name);
    row->is_active = rule->is_active;
    row->stops = rule->stops;
    row->trigger_on = dump(json, "when", "{}");
    row->conditions = dump(json, "conditions", "{}");
    row->actions = dump(json, "actions", "[]");
    return row;
}

static void free_row(gpointer data) {
    rule_row_free(data);
}

static gboolean audit(ApiCall *call, Db *db, Id id, const char *action, GError **error) {
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    return audit_add(db, actor, actor_id, action, "rule", id, NULL, error);
}

static gboolean answer_stored(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    g_autoptr(RuleRow) row = rule_row_get(db, id, error);
    if (row != NULL)
        answer_rule(call, row, status);
    return row != NULL;
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    RuleRow *row = data;
    row->id = id_next();
    row->created_at = clock_now();
    return rule_row_add(db, row, error) && audit(call, db, row->id, "rule_added", error) &&
           answer_stored(call, db, row->id, 201, error);
}

static gboolean matches(ApiCall *call, Db *db, Id id, GError **error) {
    g_autoptr(RuleRow) stored = rule_row_get(db, id, error);
    return stored != NULL && api_call_match_version(call, stored->version, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const RuleRow *row = data;
    return matches(call, db, row->id, error) && rule_row_change(db, row, clock_now(), error) &&
           audit(call, db, row->id, "rule_changed", error) &&
           answer_stored(call, db, row->id, 200, error);
}

static gboolean write_removal(ApiCall *call, Db *db, gpointer data, GError **error) {
    const RuleRow *row = data;
    if (!matches(call, db, row->id, error) || !rule_row_remove(db, row->id, error) ||
        !audit(call, db, row->id, "rule_removed", error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void add_rule(ApiCall *call) {
    GError *error = NULL;
    RuleRow *row = decode(call, &error);
    if (row == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, write_new, row, free_row);
}

static void change_rule(ApiCall *call) {
    GError *error = NULL;
    g_autoptr(RuleRow) stored = load(call, &error);
    RuleRow *row = stored != NULL ? decode(call, &error) : NULL;
    if (row == NULL) {
        api_call_fail(call, error);
        return;
    }
    row->id = stored->id;
    api_call_write(call, write_change, row, free_row);
}

static void remove_rule(ApiCall *call) {
    GError *error = NULL;
    RuleRow *row = check_writer(call, &error) ? load(call, &error) : NULL;
    if (row == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, write_removal, row, free_row);
}

static gboolean write_order(ApiCall *call, Db *db, gpointer data, GError **error) {
    const GArray *ids = data;
    return rule_row_order(db, (const Id *)(const void *)ids->data, ids->len, error) &&
           audit(call, db, 0, "rules_ordered", error) && answer_all(call, db, error);
}

static void free_ids(gpointer data) {
    g_array_unref(data);
}

static void order_rules(ApiCall *call) {
    GError *error = NULL;
    json_t *rules = NULL;
    GArray *ids =
        check_writer(call, &error) && api_call_unpack(call, &error, "{s:o}", "rules", &rules)
            ? field_read_ids("rules", rules, RULES_MAX, &error)
            : NULL;
    if (ids == NULL)
        api_call_fail(call, error);
    else
        api_call_write(call, write_order, ids, free_ids);
}

const ApiRoute api_rule_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/rules",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = list_rules},
    {.method = "POST",
     .pattern = "/api/v1/rules",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = add_rule},
    {.method = "PUT",
     .pattern = "/api/v1/rules/order",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = order_rules},
    {.method = "GET",
     .pattern = "/api/v1/rules/{rule}",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = get_rule},
    {.method = "PUT",
     .pattern = "/api/v1/rules/{rule}",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = change_rule},
    {.method = "DELETE",
     .pattern = "/api/v1/rules/{rule}",
     .permission = PERMISSION_RULE_MANAGE,
     .handler = remove_rule},
    {0},
};
