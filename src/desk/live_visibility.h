// Which events somebody may see, by the conversation or channel that they are about. Keeps what it
// learnt for one round, so that many events of one conversation cost one look. Used by live_events
// and by the page of events in api; one thread at a time.
#pragma once

#include "model/event.h"
#include "store/db.h"

typedef struct {
    gboolean hides_something; // from anybody
    GHashTable *known;        // of this round
} LiveVisibility;

void live_visibility_init(LiveVisibility *visibility);
void live_visibility_clear(LiveVisibility *visibility);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LiveVisibility, live_visibility_clear)

// Begins a round: forgets, and looks whether anything is hidden at all. FALSE with an error.
gboolean live_visibility_begin(LiveVisibility *visibility, Db *db, GError **error);

// Whether this agent (0: sees all) may see an event about them; either may be 0. What cannot be
// looked up now is not shown.
gboolean live_visibility_may_see(LiveVisibility *visibility, Db *db, Id agent_id,
                                 Id conversation_id, Id channel_id);
