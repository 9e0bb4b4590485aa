// Finding conversations by what their messages say and by what they are. With words: the newest
// 20,000 messages that match, ranked by relevance and age, each conversation once. Without words:
// conversations by the time of their last message. Used by api; may take up to 50 ms, so never on
// an http thread.
#pragma once

#include "model/search_query.h"
#include "store/db.h"

typedef struct {
    Id conversation_id;
    Id message_id; // the best match of that conversation; 0 when no words were asked
    double score;  // greater is better; 0 without words
    Instant occurred_at;
} SearchHit;

typedef struct {
    GArray *hits; // of SearchHit
    char *next;   // cursor of the next page; NULL: this was the last
} SearchPage;

// me: the agent that agent:me means, or 0. viewer: from whom something may be hidden, or 0. now:
// for ranking by age. cursor: NULL, or next of the page before; pages of one search do not shift
// while messages come in. NULL with an error (invalid cursor, unavailable).
SearchPage *search_find(Db *db, const SearchQuery *query, Id me, Id viewer, Instant now,
                        const char *cursor, guint limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void search_page_free(SearchPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SearchPage, search_page_free)
