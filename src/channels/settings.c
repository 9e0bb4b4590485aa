#include "channels/settings.h"

#include <string.h>

#include "base/error.h"
#include "base/secret.h"

#define TEXT_BYTES_MAX 10000
#define SECRET_BITS 256

const ChannelSetting *settings_find(const ChannelKind *kind, const char *name) {
    for (const ChannelSetting *setting = kind->settings; setting->name != NULL; setting++)
        if (strcmp(setting->name, name) == 0)
            return setting;
    return NULL;
}

// NULL: good; else what it must be.
typedef const char *(*ValueCheck)(const ChannelSetting *setting, const char *value);

static const char *check_text(const ChannelSetting *setting, const char *value) {
    (void)setting;
    if (strlen(value) > TEXT_BYTES_MAX || !g_utf8_validate(value, -1, NULL))
        return "must be text of at most 10,000 bytes";
    for (; *value != '\0'; value++)
        if ((guchar)*value < 0x20 && *value != '\n' && *value != '\t')
            return "must have no control characters";
    return NULL;
}

static const char *check_secret(const ChannelSetting *setting, const char *value) {
    return strpbrk(value, "\n\t") != NULL ? "must stand in one line" : check_text(setting, value);
}

static const char *check_number(const ChannelSetting *setting, const char *value) {
    (void)setting;
    gsize digits = strspn(value, "0123456789");
    return digits > 0 && digits <= 9 && value[digits] == '\0' ? NULL : "must be a number";
}

static const char *check_boolean(const ChannelSetting *setting, const char *value) {
    (void)setting;
    return strcmp(value, "true") == 0 || strcmp(value, "false") == 0 ? NULL
                                                                     : "must be true or false";
}

static const char *check_choice(const ChannelSetting *setting, const char *value) {
    g_auto(GStrv) choices = g_strsplit(setting->choices, "|", -1);
    return g_strv_contains((const char *const *)choices, value) ? NULL : "is none of its choices";
}

static const char *check_url(const ChannelSetting *setting, const char *value) {
    g_autoptr(GUri) uri = g_uri_parse(value, G_URI_FLAGS_NONE, NULL);
    const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : "";
    gboolean is_http = strcmp(scheme, "https") == 0 || strcmp(scheme, "http") == 0;
    if (!is_http || g_uri_get_host(uri) == NULL || *g_uri_get_host(uri) == '\0' ||
        g_uri_get_userinfo(uri) != NULL || g_str_has_suffix(value, "/"))
        return "must be an http or https address without user and final slash";
    return check_secret(setting, value);
}

static const struct {
    const char *name;
    ValueCheck check;
} types[] = {
    [SETTING_TEXT] = {"text", check_text},       [SETTING_SECRET] = {"secret", check_secret},
    [SETTING_NUMBER] = {"number", check_number}, [SETTING_BOOLEAN] = {"boolean", check_boolean},
    [SETTING_CHOICE] = {"choice", check_choice}, [SETTING_URL] = {"url", check_url},
};

const char *settings_type_name(const ChannelSetting *setting) {
    return types[setting->type].name;
}

static gboolean check_value(const ChannelKind *kind, const char *name, const char *value,
                            GError **error) {
    const ChannelSetting *setting = settings_find(kind, name);
    if (setting == NULL) {
        error_set(error, ERROR_INVALID, "setting_unknown", "channels of kind %s have no setting %s",
                  kind->name, name);
        return FALSE;
    }
    const char *wrong = *value != '\0' ? types[setting->type].check(setting, value) : NULL;
    if (wrong == NULL)
        return TRUE;
    error_set(error, ERROR_INVALID, "setting_invalid", "%s %s%s%s", name, wrong,
              setting->type == SETTING_CHOICE ? ": " : "",
              setting->type == SETTING_CHOICE ? setting->choices : "");
    return FALSE;
}

gboolean settings_check(const ChannelKind *kind, const ChannelConfig *config, GError **error) {
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, config->values);
    while (g_hash_table_iter_next(&iter, &name, &value))
        if (!check_value(kind, name, value, error))
            return FALSE;
    for (const ChannelSetting *setting = kind->settings; setting->name != NULL; setting++)
        if (setting->is_required && channel_config_get(config, setting->name) == NULL) {
            error_set(error, ERROR_INVALID, "setting_missing", "%s is missing: %s", setting->name,
                      setting->help);
            return FALSE;
        }
    return TRUE;
}

// Letters and digits alone, so that it is base64 of every alphabet and fits any header.
static char *secret_make(const char *prefix) {
    char *secret = secret_token(prefix, SECRET_BITS);
    for (char *at = secret + strlen(prefix); *at != '\0'; at++)
        *at = *at == '-' ? 'a' : *at == '_' ? 'b' : *at;
    return secret;
}

void settings_make_secrets(const ChannelKind *kind, ChannelConfig *config) {
    for (const ChannelSetting *setting = kind->settings; setting->name != NULL; setting++) {
        if (setting->type != SETTING_SECRET || setting->initial == NULL ||
            channel_config_get(config, setting->name) != NULL)
            continue;
        g_autofree char *secret = secret_make(setting->initial);
        channel_config_set(config, setting->name, secret);
    }
}

void settings_fill_defaults(const ChannelKind *kind, ChannelConfig *config) {
    for (const ChannelSetting *setting = kind->settings; setting->name != NULL; setting++)
        if (setting->initial != NULL && setting->type != SETTING_SECRET &&
            channel_config_get(config, setting->name) == NULL)
            channel_config_set(config, setting->name, setting->initial);
}
