// The agenda of what is due: snoozes that end, keys that have grown old. A table of chores on the
// main thread's loop; each is a writer job. What must be sent has its own clock in the outbox.
#pragma once

#include "store/store.h"

typedef struct Agenda Agenda;

// Begins at once and goes on until agenda_free; needs a running default main loop. Borrows the
// writer.
Agenda *agenda_new(Writer *writer) G_GNUC_WARN_UNUSED_RESULT;

// No chore begins after this; one that was queued may still run. Main thread.
void agenda_free(Agenda *agenda);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Agenda, agenda_free)
