// What is asked of lists, views, bulk changes and the search, parsed from one line: words,
// "phrases", -not, OR, and the operators of model/search_vocabulary.c. Pure; whoever parses
// strangers' lines gets a bounded struct or an error. Compiled to SQL by store/search_filter and
// store/search_expression.
#pragma once

#include "base/clock.h"

#define SEARCH_TERMS_MAX 24   // words and phrases
#define SEARCH_FILTERS_MAX 24 // other operators
#define SEARCH_LINE_MAX 1000  // bytes

typedef enum {
    SEARCH_IN_ALL,
    SEARCH_IN_SENDER,    // from:
    SEARCH_IN_RECIPIENT, // to:
    SEARCH_IN_SUBJECT,   // subject:
    SEARCH_HAS_FILE,     // has:attachment; text is ""
} SearchPlace;

// Terms and filters bear the number of their group: all groups must hold, of a group any one.
typedef struct {
    SearchPlace place;
    char *text; // what to find, as typed, without quotes
    gboolean is_phrase;
    gboolean is_excluded;
    guint group;
} SearchTerm;

typedef enum {
    SEARCH_STATUS,      // is:open, pending, snoozed, resolved
    SEARCH_UNASSIGNED,  // is:unassigned
    SEARCH_UNREAD,      // is:unread, by the agent who asks
    SEARCH_WAITING,     // is:waiting: the customer waits for us
    SEARCH_CHANNEL,     // name, kind, address or id of a channel
    SEARCH_TAG,         // name
    SEARCH_AGENT,       // name, email or id of the assignee; me; none
    SEARCH_TEAM,        // name or id; mine; none
    SEARCH_CUSTOMER,    // id, or one of their addresses
    SEARCH_LANGUAGE,    // of the customer: fi, sv, en
    SEARCH_PRIORITY,    // low holds -1, 0, 1, 2
    SEARCH_NUMBER,      // low holds it
    SEARCH_SLA,         // low holds a SearchDue
    SEARCH_NOTE,        // has:note
    SEARCH_DRAFT,       // has:draft, of the agent who asks or shared
    SEARCH_MENTIONS,    // name, email or id of an agent to whom a note speaks; me
    SEARCH_FOLLOWER,    // the same of who follows it
    SEARCH_WRITER,      // the same of who answered in it
    SEARCH_PARTICIPANT, // an address
    SEARCH_FIELD,       // key and, if any, value of a custom field, as typed
    SEARCH_CREATED,     // low and high
    SEARCH_UPDATED,     // of the last message; low and high
    SEARCH_WAITED,      // since when the customer waits; low and high
    SEARCH_BEFORE,      // low: messages before it; never beside OR
    SEARCH_AFTER,       // low: messages at or after it
    SEARCH_FILTER_KINDS,
} SearchFilterKind;

typedef enum { SEARCH_NAMED, SEARCH_ME, SEARCH_NOBODY } SearchWho;

// Of what an SLA policy has due: missed, at risk, any.
typedef enum { SEARCH_DUE_BREACHED, SEARCH_DUE_AT_RISK, SEARCH_DUE_ANY, SEARCH_DUES } SearchDue;

typedef struct {
    SearchFilterKind kind;
    char *value;     // lower case; "" where low and high say it
    char *key;       // of field:; NULL: any value
    SearchWho who;   // of agent:, team: and the like
    gboolean is_age; // low and high are ages in milliseconds, else instants
    gint64 low;      // at or after; ages: older than. G_MININT64: not asked
    gint64 high;     // before; ages: younger than. G_MAXINT64: not asked
    gboolean is_excluded;
    guint group;
} SearchFilter;

typedef struct {
    GPtrArray *terms;   // of SearchTerm
    GPtrArray *filters; // of SearchFilter, in the order of their groups
} SearchQuery;

// NULL with an error (invalid) that names the operator and what it takes. An operator that is not
// known is a word. OR joins what stands beside it; without it, filters of one kind (statuses,
// channels, agents ...; not tags) are alternatives. Dates are days in UTC: 2026, 2026-11,
// 2026-11-23, 2026-10..2026-11, or a full instant, after >, >=, <, <= too; ages are >2h, <7d.
SearchQuery *search_query_parse(const char *line, GError **error) G_GNUC_WARN_UNUSED_RESULT;
// An empty one, and one more filter of it that must hold: value is a name or an id.
SearchQuery *search_query_new(void) G_GNUC_WARN_UNUSED_RESULT;
void search_query_require(SearchQuery *query, SearchFilterKind kind, const char *value);

void search_query_free(SearchQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SearchQuery, search_query_free)

// What the answer depends on beside the conversations.
gboolean search_query_asks_who(const SearchQuery *query);  // the agent who asks
gboolean search_query_asks_when(const SearchQuery *query); // the time of asking
