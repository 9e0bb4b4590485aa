// A query as a condition in SQL about conversation c, with bound values: what lists, views, counts,
// bulk changes and the search have in common. Names are looked up when it is made; a name that
// nothing has finds nothing. Used by store/conversation_list, store/search_find and whoever asks
// whether one conversation fits.
#pragma once

#include "model/search_query.h"
#include "store/db.h"

#define SEARCH_VALUES_MAX 150 // of one condition

#define SEARCH_WALK(kind) (1u << (kind))

typedef enum { SEARCH_CHANNELS_ALL, SEARCH_CHANNELS_HOME, SEARCH_CHANNELS_GUEST } SearchChannels;

typedef struct {
    Id me;       // whom agent:me and is:unread mean; 0: nobody
    Id viewer;   // from whom something may be hidden; 0: nothing is
    Instant now; // for ages
    guint first; // number of the first value
    guint walks; // SEARCH_WALK of the kinds by which an index may be chosen; of others, none is
    SearchChannels channels; // of channel: all that show it, its home alone, the others
    gboolean has_words;      // words and before:, after: are part of the condition
    gboolean is_single;      // asked of one conversation at a time
} SearchAsk;

typedef struct {
    GString *sql;     // " AND ..." about conversation c; "" when there is nothing to ask
    GArray *values;   // of DbValue; texts are borrowed from the query and the condition
    Instant after;    // of after:; G_MININT64 + 1 when not asked
    Instant before;   // of before:; G_MAXINT64 when not asked
    char *expression; // of the full-text index
} SearchCondition;

// FALSE with an error (unavailable; invalid when it names too much).
gboolean search_condition_init(SearchCondition *condition, Db *db, const SearchQuery *query,
                               const SearchAsk *ask, GError **error);
void search_condition_clear(SearchCondition *condition);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SearchCondition, search_condition_clear)

// The one filter of a kind that must hold whatever else does; NULL: none, or several.
const SearchFilter *search_filter_only(const SearchQuery *query, SearchFilterKind kind);

// Ids of what bears the name in filter (channels, tags, agents, teams, customers), at most
// SEARCH_VALUES_MAX. NULL with an error.
GArray *search_filter_names(Db *db, const SearchFilter *filter,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
