// How the lengths of a report's answered waits are spread: how many lie in each of fixed classes,
// each with the query that lists them. Used by response_json. Pure.
#pragma once

#include "base/json_text.h"
#include "reports/response_times.h"

// How many of the lengths are at least from and, unless it is 0, less than below.
gsize response_distribution_count(const GArray *lengths, gint64 from, gint64 below);

// {"elapsed": [...], "business": [...] or null}, under "distribution" of an object.
void response_distribution_write(const ResponseReport *report, JsonText *text);
