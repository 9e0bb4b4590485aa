// Several slots asked about one conversation with one statement. Used by desk/view_counter alone.
#pragma once

#include "desk/view_slot.h"

typedef struct ViewPanel ViewPanel;

// Panels for all slots, which are borrowed: a list of ViewPanel. NULL with an error.
GPtrArray *view_panels_new(Db *db, const GPtrArray *slots,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Sets in each slot whether the conversation fits now.
gboolean view_panels_ask(const GPtrArray *panels, Db *db, Id conversation_id, GError **error);
