#include <string.h>

#include "base/error.h"
#include "base/secret.h"
#include "base/service.h"
#include "control/control_state.h"

static void control_clear(Control *control) {
    control_local_free(control->local);
    g_free(control->config_file);
    g_free(control->data_directory);
    g_ptr_array_unref(control->arguments);
    g_ptr_array_unref(control->option_rows);
    g_ptr_array_unref(control->lists);
}

static int exit_code(const GError *error) {
    if (strcmp(error_code(error), "config_invalid") == 0)
        return CONTROL_CONFIG;
    switch (error_kind(error)) {
    case ERROR_NOT_FOUND:
        return CONTROL_NOT_FOUND;
    case ERROR_UNAVAILABLE:
    case ERROR_UPSTREAM:
    case ERROR_LIMIT:
        return CONTROL_UNAVAILABLE;
    case ERROR_INVALID:
    case ERROR_UNAUTHENTICATED:
    case ERROR_DENIED:
    case ERROR_CONFLICT:
    case ERROR_PRECONDITION:
    case ERROR_TOO_LARGE:
    case ERROR_INTERNAL:
    default:
        return CONTROL_FAILED;
    }
}

static void print_error(const Control *control, const GError *error) {
    if (control->is_json) {
        json_t *json = json_pack("{s:s, s:s}", "code", error_code(error), "detail", error->message);
        char *text = json_dumps(json, JSON_COMPACT);
        fprintf(stderr, "%s\n", text);
        free(text);
        json_decref(json);
    } else {
        fprintf(stderr, "dialogctl: %s\n", error->message);
    }
}

static int run(Control *control, int argc, char **argv) {
    g_autoptr(GError) error = NULL;
    if (!control_read(control, argc, argv, &error)) {
        print_error(control, error);
        return CONTROL_USAGE;
    }
    if (control->verb == NULL || control->verb->run(control, &error))
        return fflush(stdout) == 0 ? CONTROL_OK : CONTROL_FAILED;
    print_error(control, error);
    return control->verb->exit_code != NULL ? control->verb->exit_code(error) : exit_code(error);
}

int control_main(int argc, char **argv) {
    Control control = {
        .arguments = g_ptr_array_new(),
        .option_rows = g_ptr_array_new(),
        .lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref),
    };
    service_harden();
    secret_init();
    int code = run(&control, argc, argv);
    control_clear(&control);
    return code;
}
