// JSON on the command line: written there, or "@FILE" ("@-": standard input). Used by the verbs
// that take lists of actions and rules.
#pragma once

#include <jansson.h>

#include "control/control.h"

// NULL with an error (invalid) for what is no JSON, or a file that cannot be read.
json_t *control_json_read(const char *argument, GError **error) G_GNUC_WARN_UNUSED_RESULT;
