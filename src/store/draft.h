// Drafts: what agents have begun to write, one of their own and one shared by all for each
// conversation. Rows only; who may change them and what is told is desk/draft_change's. A draft
// stays with the conversation that it was written for, also when that is merged into another.
#pragma once

#include "store/db.h"

typedef struct {
    Id id;
    Id conversation_id;
    Id owner_id; // 0: the shared one
    Id agent_id; // who wrote in it last
    char *mode;
    char *content; // JSON
    gint64 rev;
    Instant updated_at;
    Instant told_at;
} Draft;

void draft_free(Draft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Draft, draft_free)

// The draft of that very conversation; *draft is NULL when there is none. Owned.
gboolean draft_find(Db *db, Id conversation_id, Id owner_id, Draft **draft, GError **error);

// All of a conversation (no alias) and of those merged into it, newest first; of Draft. NULL with
// an error.
GPtrArray *draft_list(Db *db, Id conversation_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean draft_add(Db *db, const Draft *draft, GError **error);
gboolean draft_change(Db *db, const Draft *draft, GError **error);
gboolean draft_remove(Db *db, Id id, GError **error);

// Sent as that message: gone for everybody, and kept while it can be taken back. *taken tells
// whether it was theirs (their own or the shared one) and of that conversation (no alias).
gboolean draft_take(Db *db, Id id, Id agent_id, Id conversation_id, Id message_id, gboolean *taken,
                    GError **error);
// It was not sent after all: shown again, unless another has been begun in its place.
gboolean draft_give_back(Db *db, Id message_id, GError **error);

// Forgets drafts whose message can no longer be taken back, at most limit.
gboolean draft_prune(Db *db, Instant before, guint limit, GError **error);
