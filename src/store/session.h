// Sessions of agents in browsers: 256 random bits in a cookie, kept as SHA-256. Used by
// api/authentication and the resources of signing in. The cookie's value never reaches the
// database.
#pragma once

#include "model/permission.h"
#include "store/db.h"

#define SESSION_IDLE_MS (12 * G_GINT64_CONSTANT(3600000))
#define SESSION_LIFE_MS (7 * 24 * G_GINT64_CONSTANT(3600000))

typedef struct {
    Id id;
    Id agent_id;
    PermissionSet permissions; // of its agent
    Instant seen_at;
} SessionOwner;

typedef struct {
    Id id;
    Id agent_id;
    const char *method;  // "password", "oidc", "setup", "invitation"
    const char *address; // of the browser
    const char *browser; // its User-Agent, or NULL
    Instant now;
} NewSession;

// The live session (not ended, not idle too long, agent not disabled) of this hash. *found says
// whether there is one. FALSE with an error.
gboolean session_find(Db *db, const guint8 sha256[32], Instant now, SessionOwner *owner,
                      gboolean *found, GError **error);

gboolean session_is_live(Db *db, Id id, Instant now, gboolean *is_live, GError **error);

// Its owner has just proved who they are.
gboolean session_add(Db *db, const NewSession *session, const guint8 sha256[32], GError **error);

// A new secret for it, and its owner has just proved who they are: the old cookie counts no more.
gboolean session_rotate(Db *db, Id id, const guint8 sha256[32], Instant now, GError **error);

// When its owner last proved who they are; INSTANT_NONE for an unknown one.
gboolean session_confirmed_at(Db *db, Id id, Instant *instant, GError **error);

// One that has ended stays so.
gboolean session_end(Db *db, Id id, Instant now, GError **error);

// All of an agent but one (0: all).
gboolean session_end_others(Db *db, Id agent_id, Id kept, Instant now, GError **error);

gboolean session_mark_seen(Db *db, Id id, Instant now, GError **error);

// Forgets those that ended over 30 days ago, at most 1,000.
gboolean session_prune(Db *db, Instant now, GError **error);
