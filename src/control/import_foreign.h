// import --from: conversations of another help desk, from files saved from its API.
#pragma once

#include "control/control.h"

// The paths are the verb's arguments. FALSE with an error; what was stored until then stays.
gboolean control_import_foreign(Control *control, const char *source, GError **error);
