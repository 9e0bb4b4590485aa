// Setting an agent's password from standard input. Used by the verbs of agents and by init.
#pragma once

#include "control/control.h"

// Reads one line of standard input and sets it. FALSE with an error, password_missing without one.
gboolean control_set_password(Control *control, const char *agent, GError **error);
