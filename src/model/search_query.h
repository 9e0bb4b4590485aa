// What is asked of the search, parsed from one line: words, "phrases", -not and the operators from:
// to: subject: has: is: channel: tag: agent: before: after:. Pure; whoever parses strangers' lines
// gets a bounded struct or an error. Compiled to SQL by store/search_find.
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

typedef struct {
    SearchPlace place;
    char *text; // what to find, as typed, without quotes
    gboolean is_phrase;
    gboolean is_excluded;
} SearchTerm;

typedef enum {
    SEARCH_STATUS,     // is:open, pending, snoozed, resolved
    SEARCH_UNASSIGNED, // is:unassigned
    SEARCH_CHANNEL,    // name, kind or address of a channel
    SEARCH_TAG,
    SEARCH_AGENT, // name or email of the assignee; "me"
    SEARCH_BEFORE,
    SEARCH_AFTER,
} SearchFilterKind;

typedef struct {
    SearchFilterKind kind;
    char *value;     // lower case; "" for is:unassigned, before: and after:
    Instant instant; // of before: and after:
    gboolean is_excluded;
} SearchFilter;

typedef struct {
    GPtrArray *terms;   // of SearchTerm; all must match
    GPtrArray *filters; // of SearchFilter; of one kind (not tags) any may match, kinds must all
} SearchQuery;

// NULL with an error (invalid) that names the operator and what it takes. An operator that is not
// known is a word. Dates are days in UTC: 2026, 2026-11, 2026-11-23, or a full instant.
SearchQuery *search_query_parse(const char *line, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void search_query_free(SearchQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SearchQuery, search_query_free)
