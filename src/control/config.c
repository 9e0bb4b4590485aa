// The configuration file as dialogctl needs it.
#include "base/error.h"
#include "conf/conf.h"
#include "control/control_state.h"

const char *control_data_directory(Control *control, GError **error) {
    if (control->data_directory != NULL)
        return control->data_directory;
    g_autoptr(GError) problem = NULL;
    g_autoptr(Conf) conf = conf_load(control->config_file, &problem);
    if (conf == NULL) {
        error_set(error, ERROR_INVALID, "config_invalid", "%s", problem->message);
        return NULL;
    }
    return control->data_directory = g_strdup(conf->data_directory);
}
