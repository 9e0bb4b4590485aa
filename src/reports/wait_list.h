// Waits one by one: a page of a list as JSON, the same as CSV, one alone. Each names its
// explanation. Used by /api/v1/waits. Reads only.
#pragma once

#include "base/json_text.h"
#include "reports/wait_filter.h"

#define WAIT_PAGE_MAX 500
#define WAIT_CSV_MAX 1000000

// {"items": [...], "next": "started_at.id" or null}: the page after that position.
gboolean wait_list_page(Db *db, const WaitFilter *filter, WaitPosition after, gint64 limit,
                        Instant now, JsonText *text, GError **error);

// All of them as CSV with a line of names, newest start first.
gboolean wait_list_csv(Db *db, const WaitFilter *filter, Instant now, GString *csv, GError **error);

// One as a JSON object, of that name within another or NULL. FALSE with an error (not_found).
gboolean wait_list_one(Db *db, Id id, Instant now, JsonText *text, const char *name,
                       GError **error);
