// A view by its id, as an agent may use it. Used by lists and bulk changes.
#pragma once

#include "model/builtin_view.h"
#include "store/db.h"

typedef struct {
    char *query;
    char *sort;
} View;

// FALSE with an error (invalid: view_unknown) when there is no such view for this agent.
gboolean view_load(Db *db, const char *id, Id agent_id, View *view, GError **error);
void view_clear(View *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(View, view_clear)
