// A full export back into an empty data directory (dialogctl import --all): the rows as they were,
// waits folded from the events again, every channel paused: nothing is fetched or sent before a
// person resumes it. No dialogd may run on the directory.
#pragma once

#include "store/exchange_load.h"

// All or nothing, and then the words of the search. Errors as exchange_load.
gboolean exchange_import(const char *directory, int fd, ExchangeFacts *facts, GError **error);
