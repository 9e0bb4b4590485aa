// The full export and its way back, for the verbs export and import.
#pragma once

#include "control/control.h"

// export --all FILE: written by whoever holds the store.
gboolean control_export_all(Control *control, const char *path, GError **error);

// import --all FILE: into an empty data directory; "-" is standard input.
gboolean control_import_all(Control *control, const char *path, GError **error);
