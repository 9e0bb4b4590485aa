// The query behind lists of conversations: from a view and filters to SQL that walks one index in
// the order of the list and stops at the page's end, however many conversations there are. Used by
// api/conversations.c and api/customers.c. Pure but for the reading.
#pragma once

#include "api/page.h"
#include "base/json_text.h"

typedef enum {
    VIEW_OPEN,
    VIEW_MINE,
    VIEW_UNASSIGNED,
    VIEW_WAITING,
    VIEW_PENDING,
    VIEW_SNOOZED,
    VIEW_RESOLVED,
    VIEW_ALL,
    VIEWS,
} ConversationView;

gboolean conversation_view_parse(const char *name, ConversationView *view);

typedef struct {
    ConversationView view;
    Id me;         // for VIEW_MINE
    Id viewer;     // from whom something may be hidden; 0: nothing is
    Id channel_id; // 0: any; so below
    Id agent_id;   // assignee
    Id team_id;
    Id customer_id;
    const char *tag;
    gboolean oldest_first;
    Page page;
} ConversationFilter;

// Writes {"items": [...], "next": ...} members into text. FALSE with an error.
gboolean conversation_query_write(Db *db, const ConversationFilter *filter, JsonText *text,
                                  GError **error);

// One conversation as an object; merges followed. NULL with an error (not found:
// conversation_unknown).
json_t *conversation_query_load(Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
