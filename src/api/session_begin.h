// A session as the end of every way of signing in: password, second factor, provider, invitation,
// set-up. Used by those resources within writer jobs.
#pragma once

#include "api/call.h"
#include "api/rows.h"

// Ends the session that the browser had, makes a new one, sets its cookies and writes the audit
// row. Answers with the session. method: "password", "oidc", "setup", "invitation".
gboolean session_begin(ApiCall *call, Db *db, Id agent_id, const char *method, unsigned status,
                       GError **error);

// The same without a body: the caller answers.
gboolean session_begin_quietly(ApiCall *call, Db *db, Id agent_id, const char *method,
                               Id *session_id, GError **error);

// A new secret in its cookie, and its owner has just proved who they are.
gboolean session_renew(ApiCall *call, Db *db, Id session_id, GError **error);

// Sessions as they are shown; SESSION_SELECT takes the present session as $1.
#define SESSION_SELECT                                                                             \
    "SELECT id, agent_id, method, address, browser, created_at, seen_at, confirmed_at, ends_at, "  \
    "CASE WHEN id = $1 THEN 1 ELSE 0 END FROM session "
extern const RowsColumn session_columns[];
