// A list of conversations as one query: what it asks (views and search lines), in which order, from
// where on, and for whom. It walks one index in the order of the list and stops at the page's end,
// however many conversations there are; where no index fits, what few are left are sorted. Used by
// api/conversation_query.c.
#pragma once

#include "store/search_filter.h"

typedef enum {
    SORT_NEWEST, // by the last message
    SORT_OLDEST,
    SORT_CREATED,        // newest first
    SORT_CREATED_OLDEST, //
    SORT_WAITING,        // longest first; only those that wait
    SORT_DUE,            // what an SLA policy has due first; only those that are due
    SORT_PRIORITY,       // urgent first, then the newest conversations
    CONVERSATION_SORTS,
} ConversationSort;

gboolean conversation_sort_parse(const char *name, ConversationSort *sort);
const char *conversation_sort_name(ConversationSort sort);

typedef struct {
    const SearchQuery *const *queries; // all must hold; ended by NULL
    Id me;                             // who asks: agent:me, unread; 0: nobody
    Id viewer;                         // from whom something may be hidden; 0: nothing is
    Instant now;
    ConversationSort sort;
    gint64 limit;
    gboolean has_place; // begins behind the row with this key and id
    gint64 key;
    Id id;
    gboolean is_backward; // towards the beginning, nearest first
} ConversationList;

// Rows of select, a "SELECT ... FROM conversation c ..." in which $1 is the asking agent; after its
// columns come sort_key and id. At most limit + 1. NULL with an error.
DbRows *conversation_list_query(Db *db, const ConversationList *list, const char *columns,
                                const char *joins, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// How many there are, counted to at most limit.
gboolean conversation_list_count(Db *db, const ConversationList *list, gint64 limit, gint64 *count,
                                 GError **error);

// The SQL of conversation_list_query, for tests of its plan. Owned.
char *conversation_list_sql(Db *db, const ConversationList *list, const char *columns,
                            const char *joins, GError **error) G_GNUC_WARN_UNUSED_RESULT;
