// Whether the tables of waits are what the event log gives: each conversation is folded again
// beside its rows, within a savepoint that is undone. Adds to `dialogctl verify`'s report; changes
// nothing.
#pragma once

#include "store/verify.h"

// Runs jobs of bounded length on the writer, others write between them. Not on the writer's thread.
gboolean wait_verify(Store *store, VerifyReport *report, GError **error);
