#include <string.h>

#include "base/error.h"
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Name", "name"},
    {"Active", "is_active"},
    {"Position", "position"},
    {"State", "state"},
    {"Warning", "warning_share"},
    {"Targets", "targets"},
    {"Conditions", "conditions"},
    {0},
};

static const ControlColumn list_columns[] = {
    {"Id", "id"},
    {"Name", "name"},
    {"Active", "is_active"},
    {"Position", "position"},
    {"State", "state"},
    {0},
};

static const ControlOption options[] = {
    {"target", "TARGET",
     "such as \"first_response 4h business\" or \"next_response urgent 30m elapsed\"; may be given "
     "several times"},
    {"channel", "ID", "applies to this channel alone; may be given several times"},
    {"team", "ID", "applies to this team alone; may be given several times"},
    {"tag", "NAME", "applies to this tag alone; may be given several times"},
    {"position", "NUMBER", "of policies that are equally specific the lowest applies"},
    {"warning", "PERCENT", "of a target, after which it is at risk; 80 unless given"},
    {"name", "NAME", "with change: another name"},
    {"off", NULL, "it applies to nothing"},
    {"on", NULL, "it applies again"},
    {0},
};

static gboolean print(Control *control, json_t *policy) {
    if (policy != NULL)
        control_print_record(control, policy, columns);
    json_decref(policy);
    return policy != NULL;
}

static gboolean list_policies(Control *control, GError **error) {
    json_t *policies = control_call(control, "GET", "/api/v1/sla-policies", NULL, error);
    if (policies != NULL)
        control_print_list(control, policies, list_columns);
    json_decref(policies);
    return policies != NULL;
}

static char *policy_path(Control *control) {
    return control_path("/api/v1/sla-policies/%s", control_argument(control, 0));
}

static gboolean show_policy(Control *control, GError **error) {
    g_autofree char *path = policy_path(control);
    return print(control, control_call(control, "GET", path, NULL, error));
}

// "90m", "4h", "2d"; 0: none of these.
static gint64 duration_parse(const char *text) {
    static const struct {
        char unit;
        gint64 ms;
    } units[] = {{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', 86400000}};
    gsize length = strlen(text);
    guint64 number = 0;
    g_autofree char *digits = g_strndup(text, length > 0 ? length - 1 : 0);
    if (!g_ascii_string_to_unsigned(digits, 10, 1, 100000, &number, NULL))
        return 0;
    for (gsize at = 0; at < G_N_ELEMENTS(units); at++)
        if (text[length - 1] == units[at].unit)
            return (gint64)number * units[at].ms;
    return 0;
}

// Words: target, perhaps a priority, duration, time.
static gboolean target_take(const char *text, json_t *targets, GError **error) {
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    guint count = g_strv_length(words);
    gint64 ms = count >= 3 ? duration_parse(words[count - 2]) : 0;
    if (count < 3 || count > 4 || ms == 0) {
        error_set(error, ERROR_INVALID, "target_invalid",
                  "write a target as \"first_response 4h business\" or \"resolution urgent 2d "
                  "elapsed\"");
        return FALSE;
    }
    json_t *target = json_object_get(targets, words[0]);
    if (target == NULL) {
        target = json_object();
        json_object_set_new(targets, words[0], target);
    }
    json_object_set_new(target, count == 4 ? words[1] : "default",
                        json_pack("{s:I, s:s}", "ms", (json_int_t)ms, "time", words[count - 1]));
    return TRUE;
}

static gboolean set_targets(Control *control, json_t *body, GError **error) {
    const char *const *given = control_options(control, "target");
    if (given[0] == NULL)
        return TRUE;
    json_t *targets = json_object();
    json_object_set_new(body, "targets", targets);
    for (; *given != NULL; given++)
        if (!target_take(*given, targets, error))
            return FALSE;
    return TRUE;
}

static void set_list(Control *control, json_t *body, const char *option, const char *member) {
    const char *const *given = control_options(control, option);
    if (given[0] == NULL)
        return;
    json_t *conditions = json_object_get(body, "conditions");
    if (conditions == NULL) {
        conditions = json_object();
        json_object_set_new(body, "conditions", conditions);
    }
    json_t *list = json_array();
    for (; *given != NULL; given++)
        json_array_append_new(list, json_string(*given));
    json_object_set_new(conditions, member, list);
}

static gboolean set_number(Control *control, json_t *body, const char *option, const char *member,
                           double scale, GError **error) {
    guint64 number;
    const char *given = control_option(control, option);
    if (given == NULL)
        return TRUE;
    if (!g_ascii_string_to_unsigned(given, 10, 0, 10000, &number, NULL)) {
        error_set(error, ERROR_INVALID, "number_invalid", "--%s takes a number", option);
        return FALSE;
    }
    json_t *value =
        scale == 1 ? json_integer((json_int_t)number) : json_real((double)number * scale);
    return json_object_set_new(body, member, value) == 0;
}

static json_t *policy_body(Control *control, GError **error) {
    json_t *body = json_object();
    set_list(control, body, "channel", "channels");
    set_list(control, body, "team", "teams");
    set_list(control, body, "tag", "tags");
    if (control_flag(control, "on") || control_flag(control, "off"))
        json_object_set_new(body, "is_active", json_boolean(control_flag(control, "on")));
    if (control_option(control, "name") != NULL)
        json_object_set_new(body, "name", json_string(control_option(control, "name")));
    if (set_targets(control, body, error) &&
        set_number(control, body, "position", "position", 1, error) &&
        set_number(control, body, "warning", "warning_share", 0.01, error))
        return body;
    json_decref(body);
    return NULL;
}

static gboolean add_policy(Control *control, GError **error) {
    json_t *body = policy_body(control, error);
    if (body == NULL)
        return FALSE;
    json_object_set_new(body, "name", json_string(control_argument(control, 0)));
    if (json_object_get(body, "targets") == NULL)
        json_object_set_new(body, "targets", json_object());
    return print(control, control_call(control, "POST", "/api/v1/sla-policies", body, error));
}

static gboolean change_policy(Control *control, GError **error) {
    g_autofree char *path = policy_path(control);
    json_t *body = policy_body(control, error);
    return body != NULL && print(control, control_call(control, "PATCH", path, body, error));
}

static gboolean remove_policy(Control *control, GError **error) {
    g_autofree char *path = policy_path(control);
    json_t *nothing = control_call(control, "DELETE", path, NULL, error);
    json_decref(nothing);
    return nothing != NULL;
}

const ControlVerb control_sla_verbs[] = {
    {.verb = "sla",
     .action = "list",
     .arguments = "",
     .summary = "Show the SLA policies: by when customers are to be answered",
     .run = list_policies},
    {.verb = "sla",
     .action = "show",
     .arguments = "ID",
     .summary = "Show one SLA policy",
     .run = show_policy},
    {.verb = "sla",
     .action = "add",
     .arguments = "NAME",
     .summary = "Add an SLA policy; it applies to what waits, too",
     .options = options,
     .run = add_policy},
    {.verb = "sla",
     .action = "change",
     .arguments = "ID",
     .summary = "Change an SLA policy: what goes on is judged by it from now on",
     .options = options,
     .run = change_policy},
    {.verb = "sla",
     .action = "remove",
     .arguments = "ID",
     .summary = "Remove an SLA policy; what was judged by it stays so",
     .run = remove_policy},
    {0},
};
