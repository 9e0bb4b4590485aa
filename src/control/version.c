#include "config.h"
#include "control/verbs.h"

static const ControlColumn columns[] = {{"Version", "version"}, {0}};

static gboolean show_version(Control *control, GError **error) {
    (void)error;
    json_t *json = json_pack("{s:s}", "version", PACKAGE_VERSION);
    control_print_record(control, json, columns);
    json_decref(json);
    return TRUE;
}

const ControlVerb control_version_verbs[] = {
    {.verb = "version",
     .arguments = "",
     .summary = "Show which dialogctl this is",
     .run = show_version},
    {0},
};
