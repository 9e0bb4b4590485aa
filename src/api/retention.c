// /api/v1/retention-rules: how long what is kept; and what is held against it.
#include "desk/retention.h"

#include "api/customer_load.h"
#include "api/field.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "channels/registry.h"
#include "store/audit.h"

#define DAYS_MAX 36500

#define SELECT                                                                                     \
    "SELECT id, version, name, what, days, channel_id, channel_kind, is_active, is_running, "      \
    "run_count, last_run_at, created_at FROM retention_rule "

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"version", COLUMN_INT},
    {"name", COLUMN_TEXT},
    {"what", COLUMN_TEXT},
    {"days", COLUMN_INT},
    {"channel_id", COLUMN_ID},
    {"channel_kind", COLUMN_TEXT},
    {"is_active", COLUMN_BOOL},
    {"is_running", COLUMN_BOOL},
    {"run_count", COLUMN_INT},
    {"last_run_at", COLUMN_INSTANT},
    {"created_at", COLUMN_INSTANT},
    {0},
};

static void list_rules(ApiCall *call) {
    rows_answer_list(call, columns, SELECT "ORDER BY id LIMIT 200", DB_NO_VALUES);
}

static void get_rule(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "retention", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        rows_answer_one(call, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                        "retention_unknown");
}

// Texts are borrowed from the call's body. What was not said is NULL, 0 or -1.
typedef struct {
    Id id;
    const char *name;
    const char *what;
    json_int_t days;
    const char *channel_kind;
    Id channel_id;
    int is_active;
} Rule;

static gboolean refuse(const char *message, GError **error) {
    error_set(error, ERROR_INVALID, "field_invalid", "%s", message);
    return FALSE;
}

static gboolean check(const Rule *rule, GError **error) {
    if (rule->what != NULL && !retention_is_known(rule->what))
        return refuse(
            "what must be texts, attachments, raw_mails, audit, unread_mails or rule_runs", error);
    if (rule->days != 0 && (rule->days < 1 || rule->days > DAYS_MAX))
        return refuse("days must be from 1 to 36500", error);
    if (rule->channel_kind != NULL && registry_find(rule->channel_kind) == NULL)
        return refuse("channel_kind is none that there is", error);
    return rule->name == NULL || field_check_line("name", rule->name, 1, 100, error);
}

static gboolean decode_new(ApiCall *call, Rule *rule, GError **error) {
    const json_t *channel = NULL;
    return api_call_unpack(call, error, "{s:s, s:s, s:I, s?o, s?s, s?b}", "name", &rule->name,
                           "what", &rule->what, "days", &rule->days, "channel_id", &channel,
                           "channel_kind", &rule->channel_kind, "is_active", &rule->is_active) &&
           (rule->days != 0 || refuse("days must be from 1 to 36500", error)) &&
           (channel == NULL ||
            field_read_id("channel_id", channel, TRUE, &rule->channel_id, error)) &&
           (rule->channel_id == 0 ||
            api_call_see(call, VISIBILITY_CHANNEL, rule->channel_id, error)) &&
           check(rule, error);
}

static gboolean decode_change(ApiCall *call, Rule *rule, GError **error) {
    rule->is_active = -1;
    rule->id = api_call_path_id(call, "retention", error);
    return rule->id != 0 &&
           api_call_unpack(call, error, "{s?s, s?I, s?b}", "name", &rule->name, "days", &rule->days,
                           "is_active", &rule->is_active) &&
           check(rule, error);
}

static gboolean decode_id(ApiCall *call, Rule *rule, GError **error) {
    rule->id = api_call_path_id(call, "retention", error);
    return rule->id != 0;
}

static gboolean match(const ApiCall *call, Db *db, Id id, GError **error) {
    gint64 version = 0;
    gboolean found;
    if (!db_query_int(db, "SELECT version FROM retention_rule WHERE id = $1", DB_VALUES(DB_ID(id)),
                      &version, &found, error))
        return FALSE;
    if (found)
        return api_call_match_version(call, version, error);
    error_set(error, ERROR_NOT_FOUND, "retention_unknown", "there is no such rule");
    return FALSE;
}

static gboolean audit(ApiCall *call, Db *db, Id id, const char *action, GError **error) {
    CustomerActor who = customer_actor(call);
    return audit_add(db, who.actor, who.actor_id, action, "retention_rule", id, NULL, error);
}

static gboolean answer(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    json_t *json = rows_load_one(db, columns, SELECT "WHERE id = $1", DB_VALUES(DB_ID(id)),
                                 "retention_unknown", error);
    if (json == NULL)
        return FALSE;
    api_call_add_version(call, json_integer_value(json_object_get(json, "version")));
    api_call_answer_json(call, status, json);
    return TRUE;
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Rule *rule = data;
    Id id = id_next();
    return db_run(db,
                  "INSERT INTO retention_rule (id, name, what, days, channel_id, channel_kind,"
                  " is_active, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  DB_VALUES(DB_ID(id), DB_TEXT(rule->name), DB_TEXT(rule->what), DB_INT(rule->days),
                            DB_ID(rule->channel_id), DB_TEXT(rule->channel_kind),
                            DB_INT(rule->is_active), DB_INSTANT(clock_now())),
                  error) &&
           audit(call, db, id, "retention_added", error) && answer(call, db, id, 201, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Rule *rule = data;
    return match(call, db, rule->id, error) &&
           db_run(db,
                  "UPDATE retention_rule SET name = COALESCE($2, name), days = CASE WHEN $3 = 0"
                  " THEN days ELSE $3 END, is_active = CASE WHEN $4 = -1 THEN is_active ELSE $4"
                  " END, version = version + 1 WHERE id = $1",
                  DB_VALUES(DB_ID(rule->id), DB_TEXT(rule->name), DB_INT(rule->days),
                            DB_INT(rule->is_active)),
                  error) &&
           audit(call, db, rule->id, "retention_changed", error) &&
           answer(call, db, rule->id, 200, error);
}

static gboolean write_remove(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Rule *rule = data;
    if (!match(call, db, rule->id, error) ||
        !db_run(db, "DELETE FROM retention_rule WHERE id = $1", DB_VALUES(DB_ID(rule->id)),
                error) ||
        !audit(call, db, rule->id, "retention_removed", error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void act(ApiCall *call, gboolean (*decode)(ApiCall *, Rule *, GError **), ApiWrite write) {
    GError *error = NULL;
    Rule *rule = g_new0(Rule, 1);
    if (decode(call, rule, &error)) {
        api_call_write(call, write, rule, g_free);
        return;
    }
    g_free(rule);
    api_call_fail(call, error);
}

static void add_rule(ApiCall *call) {
    act(call, decode_new, write_new);
}

static void change_rule(ApiCall *call) {
    act(call, decode_change, write_change);
}

static void remove_rule(ApiCall *call) {
    act(call, decode_id, write_remove);
}

static void make_dry_run(ApiCall *call) {
    GError *error = NULL;
    RetentionForecast forecast;
    Id id = api_call_path_id(call, "retention", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    if (db == NULL || !retention_forecast(db, id, clock_now(), &forecast, &error))
        api_call_fail(call, error);
    else
        api_call_answer_json(call, 200,
                             json_pack("{s:I, s:I}", "conversations",
                                       (json_int_t)forecast.conversations, "rows",
                                       (json_int_t)forecast.rows));
}

static void dry_run(ApiCall *call) {
    api_call_work(call, make_dry_run);
}

static gboolean write_run(ApiCall *call, Db *db, gpointer data, GError **error) {
    (void)data;
    if (!retention_begin_all(db, error))
        return FALSE;
    api_call_answer_empty(call, 202);
    return TRUE;
}

// The agenda takes them up at once, in its pace.
static void run_rules(ApiCall *call) {
    api_call_write(call, write_run, NULL, NULL);
}

#define RULE(method_name, tail, handler_name)                                                      \
    {                                                                                              \
        .method = method_name, .pattern = "/api/v1/retention-rules" tail,                          \
        .permission = PERMISSION_SYSTEM_MANAGE, .handler = handler_name                            \
    }

const ApiRoute api_retention_routes[] = {
    RULE("GET", "", list_rules),
    RULE("POST", "", add_rule),
    RULE("POST", "/run", run_rules),
    RULE("GET", "/{retention}", get_rule),
    RULE("PATCH", "/{retention}", change_rule),
    RULE("DELETE", "/{retention}", remove_rule),
    RULE("GET", "/{retention}/dry-run", dry_run),
    {0},
};
