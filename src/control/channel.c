#include "control/verbs.h"

#include <string.h>

#include "base/error.h"

#define SECRET_BYTES_MAX 10000

static const ControlColumn list_columns[] = {
    {"Id", "id"},           {"Kind", "kind"},   {"Name", "name"},
    {"Address", "address"}, {"State", "state"}, {0},
};

static const ControlColumn columns[] = {
    {"Id", "id"},
    {"Kind", "kind"},
    {"Name", "name"},
    {"Address", "address"},
    {"State", "state"},
    {"Reason", "state_reason"},
    {"Web hook", "hook_url"},
    {"Path of the web hook", "hook_path"},
    {0},
};

static const ControlColumn kind_columns[] = {
    {"Kind", "name"},
    {"Title", "title"},
    {0},
};

static const ControlColumn setting_columns[] = {
    {"Setting", "name"},    {"Type", "type"}, {"Required", "required"},
    {"Default", "default"}, {"Help", "help"}, {0},
};

static const ControlOption add_options[] = {
    {"set", "NAME=VALUE", "a setting of the kind; dialogctl channel kinds KIND shows them"},
    {"secret", "NAME=FILE", "a setting read from a file, - for standard input; for secrets"},
    {"no-check", NULL, "do not ask the provider whether the settings work"},
    {0},
};

static const ControlOption change_options[] = {
    {"name", "NAME", "the new name"},
    {"set", "NAME=VALUE", "a setting; an empty VALUE takes it away"},
    {"secret", "NAME=FILE", "a setting read from a file, - for standard input; for secrets"},
    {"pause", NULL, "fetch and send nothing until it is resumed"},
    {"resume", NULL, "work again"},
    {"no-check", NULL, "do not ask the provider whether the settings work"},
    {0},
};

static char *read_secret(const char *path, GError **error) {
    char *text = NULL;
    gsize length = 0;
    GError *failure = NULL;
    const char *file = strcmp(path, "-") == 0 ? "/dev/stdin" : path;
    if (!g_file_get_contents(file, &text, &length, &failure)) {
        error_set(error, ERROR_INVALID, "secret_unreadable", "%s", failure->message);
        g_error_free(failure);
        return NULL;
    }
    g_strchomp(text);
    if (length <= SECRET_BYTES_MAX && g_utf8_validate(text, -1, NULL))
        return text;
    g_free(text);
    error_set(error, ERROR_INVALID, "secret_invalid",
              "%s holds no secret: it is too long or binary", path);
    return NULL;
}

static gboolean add_setting(json_t *settings, const char *pair, gboolean is_file, GError **error) {
    const char *equals = strchr(pair, '=');
    if (equals == NULL || equals == pair) {
        error_set(error, ERROR_INVALID, "option_value", "write NAME=%s, not %s",
                  is_file ? "FILE" : "VALUE", pair);
        return FALSE;
    }
    g_autofree char *name = g_strndup(pair, (gsize)(equals - pair));
    g_autofree char *value = is_file ? read_secret(equals + 1, error) : g_strdup(equals + 1);
    if (value != NULL)
        json_object_set_new(settings, name, *value != '\0' ? json_string(value) : json_null());
    return value != NULL;
}

// From --set and --secret; NULL with an error.
static json_t *read_settings(Control *control, GError **error) {
    json_t *settings = json_object();
    gboolean good = TRUE;
    for (const char *const *at = control_options(control, "set"); good && *at != NULL; at++)
        good = add_setting(settings, *at, FALSE, error);
    for (const char *const *at = control_options(control, "secret"); good && *at != NULL; at++)
        good = add_setting(settings, *at, TRUE, error);
    if (good)
        return settings;
    json_decref(settings);
    return NULL;
}

// What the live check saw, and secrets that were made: they are not shown again.
static void say_extras(Control *control, const json_t *channel) {
    const json_t *seen = json_object_get(channel, "seen");
    for (gsize at = 0; at < json_array_size(seen); at++)
        control_say(control, "%s", json_string_value(json_array_get(seen, at)));
    json_t *made = json_object_get(channel, "made_secrets");
    const char *name;
    json_t *value;
    json_object_foreach(made, name, value) {
        control_say(control, "%s: %s", name, json_string_value(value));
    }
}

static gboolean send(Control *control, const char *method, const char *path, json_t *body,
                     GError **error) {
    json_t *channel = control_call(control, method, path, body, error);
    if (channel != NULL) {
        control_print_record(control, channel, columns);
        say_extras(control, channel);
    }
    json_decref(channel);
    return channel != NULL;
}

static char *with_check(const Control *control, const char *path) {
    return g_strconcat(path, control_flag(control, "no-check") ? "?check=no" : "", NULL);
}

static gboolean add_channel(Control *control, GError **error) {
    json_t *settings = read_settings(control, error);
    if (settings == NULL)
        return FALSE;
    json_t *body = json_pack("{s:s, s:s, s:o}", "kind", control_argument(control, 0), "name",
                             control_argument(control, 1), "settings", settings);
    g_autofree char *path = with_check(control, "/api/v1/channels");
    return send(control, "POST", path, body, error);
}

static gboolean change_channel(Control *control, GError **error) {
    json_t *settings = read_settings(control, error);
    if (settings == NULL)
        return FALSE;
    json_t *body = json_pack("{s:o}", "settings", settings);
    if (control_option(control, "name") != NULL)
        json_object_set_new(body, "name", json_string(control_option(control, "name")));
    if (control_flag(control, "pause") || control_flag(control, "resume"))
        json_object_set_new(body, "paused", json_boolean(control_flag(control, "pause")));
    g_autofree char *plain = control_path("/api/v1/channels/%s", control_argument(control, 0));
    g_autofree char *path = with_check(control, plain);
    return send(control, "PATCH", path, body, error);
}

static gboolean list_channels(Control *control, GError **error) {
    json_t *channels = control_call(control, "GET", "/api/v1/channels", NULL, error);
    if (channels != NULL)
        control_print_list(control, channels, list_columns);
    json_decref(channels);
    return channels != NULL;
}

static gboolean show_channel(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/channels/%s", control_argument(control, 0));
    return send(control, "GET", path, NULL, error);
}

static gboolean check_channel(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/channels/%s/check", control_argument(control, 0));
    return send(control, "POST", path, json_object(), error);
}

static gboolean show_ledger(Control *control, GError **error) {
    static const ControlColumn ledger_columns[] = {
        {"Folder", "folder"},        {"Looked at", "looked_at"},
        {"On the server", "server"}, {"Stored", "stored"},
        {"Duplicate", "duplicate"},  {"Quarantined", "quarantined"},
        {"Refused", "refused"},      {"Missing", "missing"},
        {"Gone there", "gone"},      {0},
    };
    g_autofree char *path =
        control_path("/api/v1/channels/%s/ledger", control_argument(control, 0));
    json_t *ledger = control_call(control, "GET", path, NULL, error);
    if (ledger != NULL)
        control_print_list(control, ledger, ledger_columns);
    json_decref(ledger);
    return ledger != NULL;
}

static gboolean remove_channel(Control *control, GError **error) {
    g_autofree char *path = control_path("/api/v1/channels/%s", control_argument(control, 0));
    json_t *answer = control_call(control, "DELETE", path, NULL, error);
    if (answer != NULL)
        control_say(control, "The channel is removed; its conversations stay.");
    json_decref(answer);
    return answer != NULL;
}

static const json_t *find_kind(const json_t *kinds, const char *name) {
    const json_t *items = json_object_get(kinds, "items");
    for (gsize at = 0; at < json_array_size(items); at++) {
        const json_t *kind = json_array_get(items, at);
        if (strcmp(json_string_value(json_object_get(kind, "name")), name) == 0)
            return kind;
    }
    return NULL;
}

static gboolean show_kinds(Control *control, GError **error) {
    json_t *kinds = control_call(control, "GET", "/api/v1/channel-kinds", NULL, error);
    if (kinds == NULL)
        return FALSE;
    const char *name = control_argument(control, 0);
    const json_t *kind = name != NULL ? find_kind(kinds, name) : NULL;
    if (name == NULL)
        control_print_list(control, kinds, kind_columns);
    else if (kind != NULL)
        control_print_list(control, json_object_get(kind, "settings"), setting_columns);
    else
        error_set(error, ERROR_NOT_FOUND, "kind_unknown",
                  "there is no channel kind %s: dialogctl channel kinds shows them", name);
    json_decref(kinds);
    return name == NULL || kind != NULL;
}

const ControlVerb control_channel_verbs[] = {
    {.verb = "channel",
     .action = "list",
     .arguments = "",
     .summary = "Show the connected addresses",
     .run = list_channels},
    {.verb = "channel",
     .action = "show",
     .arguments = "ID",
     .summary = "Show one with its web hook and state",
     .run = show_channel},
    {.verb = "channel",
     .action = "kinds",
     .arguments = "[KIND]",
     .summary = "Show what can be connected, or the settings of one kind",
     .run = show_kinds},
    {.verb = "channel",
     .action = "add",
     .arguments = "KIND NAME",
     .summary = "Connect an address and check that it works",
     .options = add_options,
     .run = add_channel},
    {.verb = "channel",
     .action = "change",
     .arguments = "ID",
     .summary = "Change name or settings, pause or resume",
     .options = change_options,
     .run = change_channel},
    {.verb = "channel",
     .action = "check",
     .arguments = "ID",
     .summary = "Ask the provider whether it works",
     .run = check_channel},
    {.verb = "channel",
     .action = "ledger",
     .arguments = "ID",
     .summary = "Show that every mail of its mailbox is accounted for",
     .run = show_ledger},
    {.verb = "channel",
     .action = "remove",
     .arguments = "ID",
     .summary = "Disconnect it; its conversations stay",
     .run = remove_channel},
    {0},
};
