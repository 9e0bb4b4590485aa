#include "conf/conf.h"

#include "base/error.h"
#include "conf/setting.h"

static gboolean unknown(GError **error, const char *what, const char *name, const char *like) {
    error_set(error, ERROR_INVALID, "setting_unknown", "%s is no %s%s%s%s", name, what,
              like != NULL ? "; did you mean " : "", like != NULL ? like : "",
              like != NULL ? "?" : "");
    return FALSE;
}

static gboolean key_load(GKeyFile *file, const char *section, const char *key, Conf *conf,
                         GError **error) {
    const Setting *setting = setting_find(section, key);
    if (setting == NULL)
        return unknown(error, "setting", key, setting_suggest(section, key));
    g_autofree char *value = g_key_file_get_value(file, section, key, NULL);
    if (setting_apply(setting, g_strstrip(value), conf, error))
        return TRUE;
    g_prefix_error(error, "%s: ", key);
    return FALSE;
}

static gboolean section_load(GKeyFile *file, const char *section, Conf *conf, GError **error) {
    if (!setting_section_exists(section))
        return unknown(error, "section", section, setting_suggest(NULL, section));
    g_auto(GStrv) keys = g_key_file_get_keys(file, section, NULL, NULL);
    for (char **key = keys; *key != NULL; key++)
        if (!key_load(file, section, *key, conf, error))
            return FALSE;
    return TRUE;
}

static gboolean file_load(GKeyFile *file, Conf *conf, GError **error) {
    g_auto(GStrv) sections = g_key_file_get_groups(file, NULL);
    for (char **section = sections; *section != NULL; section++)
        if (!section_load(file, *section, conf, error)) {
            g_prefix_error(error, "[%s] ", *section);
            return FALSE;
        }
    return TRUE;
}

static GKeyFile *file_open(const char *path, GError **error) {
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) failure = NULL;
    if (g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &failure))
        return g_steal_pointer(&file);
    gboolean is_unreadable = failure->domain == G_FILE_ERROR;
    error_set(error, is_unreadable ? ERROR_UNAVAILABLE : ERROR_INVALID, "conf_unreadable",
              "cannot read the configuration: %s (-c FILE names another; etc/dialogd.conf in the"
              " sources is an example)",
              failure->message);
    return NULL;
}

static Conf *conf_new(void) {
    Conf *conf = g_new0(Conf, 1);
    for (const Setting *setting = settings; setting->section != NULL; setting++)
        if (!setting_apply(setting, setting->initial, conf, NULL))
            g_error("the default of %s is wrong", setting->key);
    return conf;
}

Conf *conf_load(const char *path, GError **error) {
    g_autoptr(Conf) conf = conf_new();
    if (path == NULL)
        return g_steal_pointer(&conf);
    g_autoptr(GKeyFile) file = file_open(path, error);
    if (file != NULL && file_load(file, conf, error))
        return g_steal_pointer(&conf);
    g_prefix_error(error, "%s: ", path);
    return NULL;
}

void conf_free(Conf *conf) {
    if (conf == NULL)
        return;
    for (const Setting *setting = settings; setting->section != NULL; setting++)
        setting_clear(setting, conf);
    g_free(conf);
}
