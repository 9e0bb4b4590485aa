// One count that is kept: the conversations that fit a search line for one agent (or for all who
// see everything alike), by their ids, up to a bound. Used by desk/view_counter alone, under its
// mutex.
#pragma once

#include "store/search_filter.h"

typedef struct {
    char *key;
    SearchQuery *query;
    Id me;     // 0: the same for everybody
    Id viewer; // 0: nothing is hidden
    guint most;
    GHashTable *members; // ids as pointers; NULL: more than most
    gboolean is_stale;
    gboolean drifts; // without an event: by the time, or by what customers are
    gint64 made_at;  // monotonic; of members
    gint64 used_at;
} ViewSlot;

// NULL when the line is no search.
ViewSlot *view_slot_new(const char *line, Id me, Id viewer, guint most) G_GNUC_WARN_UNUSED_RESULT;
void view_slot_free(ViewSlot *slot);

char *view_slot_key(const char *line, Id me, Id viewer) G_GNUC_WARN_UNUSED_RESULT;

// Asks the database who its members are.
gboolean view_slot_make(ViewSlot *slot, Db *db, GError **error);

// One conversation fits now, or no longer does.
void view_slot_set(ViewSlot *slot, Id id, gboolean is_member);

// Its count; *is_exact is FALSE when there are more.
gint64 view_slot_count(const ViewSlot *slot, gboolean *is_exact);
