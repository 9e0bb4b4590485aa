// The values of a template's variables for one conversation and one writer. Used by api and by
// actions that reply. Reads only.
#pragma once

#include "store/db.h"

// name -> text, for template_render. agent_id 0: nobody writes, and the agent's variables are
// empty. NULL with an error (not_found: conversation_unknown).
// is_automatic leaves out what the customer chose (name, address, subject): an automatic answer
// must not carry a stranger's words to an address that may be a third person's (reliability.md
// E12).
GHashTable *template_values_load(Db *db, Id conversation_id, Id agent_id, gboolean is_automatic,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The language to write in: the customer's; owned, or NULL where it is not known.
char *template_language(Db *db, Id conversation_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
