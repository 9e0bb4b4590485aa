// Names of agents, teams and channels, for the labels of groups. Used by the reports' writers.
#pragma once

#include "reports/response_times.h"

typedef struct ResponseNames ResponseNames;

ResponseNames *response_names_new(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void response_names_free(ResponseNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ResponseNames, response_names_free)

// What people call the key: the agent's name, "nobody", the day. Borrowed from names or key.
const char *response_names_label(const ResponseNames *names, Cut cut, const CutKey *key);
