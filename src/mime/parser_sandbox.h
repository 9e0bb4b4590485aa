// Locks a parser process down: no files, no network, no other programs, bounded memory and CPU time
// (reliability.md K07, F26). Called once by parser_process, before the first stranger's byte.
#pragma once

#include <glib.h>

// FALSE with an error (internal) when the system denies the means: the process must then end. Opens
// what is needed later (charset tables) first. Landlock is used where the kernel has it.
gboolean parser_sandbox_enter(GError **error);
