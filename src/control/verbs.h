// The verbs' tables, one a file. Used by verbs.c alone.
#pragma once

#include "control/verb.h"

extern const ControlVerb control_version_verbs[];
