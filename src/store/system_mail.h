// The queue of mails that dialogd itself writes to agents: invitations, resets, notices. Durable,
// and small. Used by the resources of signing in, which add, and desk/system_mails, which sends.
#pragma once

#include "store/db.h"

typedef struct {
    Id id;
    Id agent_id;
    char *purpose;  // "invitation", "reset", "password_changed"
    GBytes *secret; // sealed token of its link, or NULL
    gint64 attempts;
    Instant expires_at;
    char *email; // of the agent
    char *name;
    char *language;
} SystemMail;

void system_mail_free(SystemMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SystemMail, system_mail_free)

// Queued: due at once. secret may be NULL.
gboolean system_mail_add(Db *db, Id id, Id agent_id, const char *purpose, GBytes *secret,
                         Instant now, Instant expires_at, GError **error);

// Those of this purpose that wait for this agent are no longer sent.
gboolean system_mail_cancel(Db *db, Id agent_id, const char *purpose, Instant now, GError **error);

// The first that is due, taken so that nobody else sends it within lease_ms; *mail NULL when there
// is none. Those that are of no use any more fail.
gboolean system_mail_claim(Db *db, Instant now, gint64 lease_ms, SystemMail **mail, GError **error);

// What became of it: reason NULL: sent; else tried again at not_before, or INSTANT_NONE: failed.
gboolean system_mail_settle(Db *db, Id id, const char *reason, Instant not_before, Instant now,
                            GError **error);

// Forgets those that were settled over 30 days ago, at most 1,000.
gboolean system_mail_prune(Db *db, Instant now, GError **error);

// The email channel through which they go: the one that was chosen, or 0: the first that is active.
gboolean system_mail_channel(Db *db, Id *channel_id, GError **error);
gboolean system_mail_set_channel(Db *db, Id channel_id, GError **error);
