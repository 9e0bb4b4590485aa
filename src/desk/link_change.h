// Links between conversations that have to do with each other, and to things elsewhere. Each is
// undone by its opposite. Writer jobs only.
#pragma once

#include "store/db.h"

typedef struct {
    Id conversation_id; // no alias
    Id other_id;        // no alias; 0: url
    const char *url;    // "" with other_id
    const char *title;
    Id agent_id;
} Link;

// Errors: invalid (link_invalid), conflict (link_exists), limit (links_too_many).
gboolean link_add(Db *db, const Link *link, Id *link_id, GError **error);

// Errors: not_found (link_unknown).
gboolean link_remove(Db *db, Id conversation_id, Id link_id, Id agent_id, GError **error);
