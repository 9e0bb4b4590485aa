// One-use secrets that stand for a step on the way in: the second factor after a password, an
// invitation, a reset, the set-up code. Kept as SHA-256. Used by the resources of signing in within
// writer jobs; of two that use one at once, one wins.
#pragma once

#include "store/db.h"

#define TICKET_SECOND_FACTOR "second_factor"
#define TICKET_INVITATION "invitation"
#define TICKET_RESET "reset"
#define TICKET_SETUP "setup"

typedef struct {
    Id id;
    Id agent_id; // 0: of nobody
    gint64 tries;
} Ticket;

typedef struct {
    const char *purpose;
    Id agent_id; // 0: of nobody
    const char *secret;
    Instant now;
    Instant expires_at;
} NewTicket;

gboolean ticket_add(Db *db, const NewTicket *ticket, GError **error);

// The live one (unused, not expired) of this purpose and secret. FALSE with an error
// (unauthenticated: ticket_invalid) when there is none, the same words whatever the reason.
gboolean ticket_get(Db *db, const char *purpose, const char *secret, Instant now, Ticket *ticket,
                    GError **error);

gboolean ticket_use(Db *db, Id id, Instant now, GError **error);
gboolean ticket_count_try(Db *db, Id id, GError **error);

// The agent's of this purpose count no more (agent_id 0: those of nobody).
gboolean ticket_void(Db *db, const char *purpose, Id agent_id, Instant now, GError **error);

// How many were made for the agent since.
gboolean ticket_count_since(Db *db, const char *purpose, Id agent_id, Instant since, gint64 *count,
                            GError **error);

// Forgets those that ran out a day ago, at most 1,000.
gboolean ticket_prune(Db *db, Instant now, GError **error);
