// How long what is kept: rules that empty resolved conversations, or parts of them, and old logs,
// once they are older than so many days. Runs once a day, a few rows a job; never touches what
// waits or is held. Used by the agenda and api/retention. A rule does nothing until it is active.
#pragma once

#include "desk/customer_change.h"

// Whether there is such a thing to keep for a time: texts, attachments, raw_mails, audit,
// unread_mails, rule_runs.
gboolean retention_is_known(const char *what);

// What a rule would take now. Reads only; may take long.
typedef struct {
    gint64 conversations; // for texts, attachments and raw_mails
    gint64 rows;          // messages, files, originals or log rows
} RetentionForecast;

// Errors: not_found (retention_unknown).
gboolean retention_forecast(Db *db, Id rule_id, Instant now, RetentionForecast *forecast,
                            GError **error);

// One bounded step of the rule that runs, or is due. *is_done: none is. Writer jobs only. The last
// step of a run leaves an audit row.
gboolean retention_step(Db *db, Instant now, gboolean *is_done, GError **error);

// All active rules are due at once. Writer jobs only.
gboolean retention_begin_all(Db *db, GError **error);
