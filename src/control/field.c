#include "control/verbs.h"

#include <string.h>

#include "base/error.h"

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Object", "object"},
    {"Key", "key"},
    {"Label", "label"},
    {"Kind", "kind"},
    {"Choices", "choices"},
    {"Required", "required"},
    {"Position", "position"},
    {0},
};

static const ControlOption list_options[] = {
    {"object", "OBJECT", "conversation or customer"},
    {0},
};

static const ControlOption field_options[] = {
    {"label", "TEXT", "what people read"},
    {"choice", "TEXT", "one of its choices; may be given several times"},
    {"required", NULL, "cannot be emptied"},
    {"optional", NULL, "can be emptied"},
    {"position", "N", "where it stands"},
    {0},
};

static gboolean list_fields(Control *control, GError **error) {
    g_autofree char *path = control_query_path(control, "/api/v1/fields", list_options);
    json_t *fields = control_call(control, "GET", path, NULL, error);
    if (fields != NULL)
        control_print_list(control, fields, columns);
    json_decref(fields);
    return fields != NULL;
}

static void set_choices(Control *control, json_t *body) {
    const char *const *choices = control_options(control, "choice");
    json_t *list = json_array();
    for (; *choices != NULL; choices++)
        json_array_append_new(list, json_string(*choices));
    if (json_array_size(list) > 0)
        json_object_set(body, "choices", list);
    json_decref(list);
}

static gboolean set_position(Control *control, json_t *body, GError **error) {
    const char *text = control_option(control, "position");
    gint64 position;
    if (text == NULL)
        return TRUE;
    if (!g_ascii_string_to_signed(text, 10, 0, 1000000, &position, NULL)) {
        error_set(error, ERROR_INVALID, "option_value", "--position goes from 0 to 1000000");
        return FALSE;
    }
    json_object_set_new(body, "position", json_integer(position));
    return TRUE;
}

// Sends the body (taken) with the options.
static gboolean send(Control *control, const char *method, const char *path, json_t *body,
                     GError **error) {
    if (control_option(control, "label") != NULL)
        json_object_set_new(body, "label", json_string(control_option(control, "label")));
    if (control_flag(control, "required") || control_flag(control, "optional"))
        json_object_set_new(body, "required", json_boolean(control_flag(control, "required")));
    set_choices(control, body);
    if (!set_position(control, body, error)) {
        json_decref(body);
        return FALSE;
    }
    json_t *field = control_call(control, method, path, body, error);
    if (field != NULL)
        control_print_record(control, field, columns);
    json_decref(field);
    return field != NULL;
}

static gboolean add_field(Control *control, GError **error) {
    const char *key = control_argument(control, 1);
    json_t *body = json_pack("{s:s, s:s, s:s, s:s}", "object", control_argument(control, 0), "key",
                             key, "kind", control_argument(control, 2), "label", key);
    return send(control, "POST", "/api/v1/fields", body, error);
}

static gboolean change_field(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/fields/%s", control_argument(control, 0));
    return send(control, "PATCH", path, json_object(), error);
}

static gboolean remove_field(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/fields/%s", control_argument(control, 0));
    json_t *answer = control_call(control, "DELETE", path, NULL, error);
    json_decref(answer);
    return answer != NULL;
}

const ControlVerb control_field_verbs[] = {
    {.verb = "field",
     .action = "list",
     .arguments = "",
     .summary = "Show the custom fields of conversations and customers",
     .options = list_options,
     .run = list_fields},
    {.verb = "field",
     .action = "add",
     .arguments = "OBJECT KEY KIND",
     .summary = "Add one: text, number, date, boolean, choice or url",
     .options = field_options,
     .run = add_field},
    {.verb = "field",
     .action = "change",
     .arguments = "ID",
     .summary = "Change label, choices, position, or whether it can be emptied",
     .options = field_options,
     .run = change_field},
    {.verb = "field",
     .action = "remove",
     .arguments = "ID",
     .summary = "Remove one; its values are not shown any more",
     .run = remove_field},
    {0},
};
