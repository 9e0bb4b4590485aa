// The response times as JSON and as CSV. Durations are milliseconds in JSON, seconds with three
// decimals in CSV. Each figure of JSON, and each line of CSV, names the query that lists its waits.
#pragma once

#include "base/json_text.h"
#include "reports/response_names.h"

// Sorts the report's series while it reads them.
void response_write_json(ResponseReport *report, const ResponseNames *names, JsonText *text);

// A line of names, a line for each group and set of waits ("all", "first", ...), then the total.
void response_write_csv(ResponseReport *report, const ResponseNames *names, GString *csv);
