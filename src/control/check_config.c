#include "base/error.h"
#include "conf/conf.h"
#include "control/verbs.h"

static const ControlColumn columns[] = {
    {"File", "file"},
    {"Data directory", "data_directory"},
    {"Listens on", "listen"},
    {0},
};

static gboolean check_config(Control *control, GError **error) {
    g_autoptr(GError) problem = NULL;
    g_autoptr(Conf) conf = conf_load(control_config_file(control), &problem);
    if (conf == NULL) {
        error_set(error, ERROR_INVALID, "config_invalid", "%s", problem->message);
        return FALSE;
    }
    json_t *json = json_pack("{s:s, s:s, s:s}", "file", control_config_file(control),
                             "data_directory", conf->data_directory, "listen", conf->listen);
    control_print_record(control, json, columns);
    json_decref(json);
    return TRUE;
}

const ControlVerb control_check_config_verbs[] = {
    {.verb = "check-config",
     .arguments = "",
     .summary = "Say whether the configuration file is good",
     .run = check_config},
    {0},
};
