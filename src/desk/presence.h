// Who looks at which conversation and types there, as their pages say every 20 seconds. In memory
// only, bounded, forgotten after 45 seconds; nothing here is history. Used by api. Any thread.
#pragma once

#include "base/clock.h"
#include "base/id.h"

#define PRESENCE_KEPT_MS 45000
#define PRESENCE_MAX 10000       // pairs of agent and conversation
#define PRESENCE_OF_AGENT_MAX 20 // conversations that one agent has open

typedef struct Presence Presence;

typedef struct {
    Id agent_id;
    Id conversation_id;
    gboolean is_typing;
    Instant expires_at;
} PresenceEntry;

Presence *presence_new(void) G_GNUC_WARN_UNUSED_RESULT;
void presence_free(Presence *presence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Presence, presence_free)

// The agent is there for 45 seconds from now on. Beyond the bounds the oldest entries give way.
void presence_note(Presence *presence, Id agent_id, Id conversation_id, gboolean is_typing,
                   Instant now);

// Is there no longer. FALSE when it was not.
gboolean presence_leave(Presence *presence, Id agent_id, Id conversation_id);

// Who is there now: owned array of PresenceEntry.
GArray *presence_list(Presence *presence, Id conversation_id,
                      Instant now) G_GNUC_WARN_UNUSED_RESULT;
