// The configuration file as dialogctl needs it.
#include "base/error.h"
#include "control/control_state.h"

const char *control_data_directory(Control *control, GError **error) {
    if (control->data_directory != NULL)
        return control->data_directory;
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) problem = NULL;
    if (g_key_file_load_from_file(file, control->config_file, G_KEY_FILE_NONE, &problem))
        control->data_directory = g_key_file_get_string(file, "dialogd", "data", &problem);
    if (control->data_directory == NULL)
        error_set(error, ERROR_INVALID, "config_invalid", "%s: %s", control->config_file,
                  problem->message);
    return control->data_directory;
}
