// Drafts as agents save them: every few seconds, from several windows, while others assign, resolve
// and merge the conversation. A save names the revision that it is based on; another one that came
// before is never written over, and nothing but its writer or its sending takes a draft away.
// Writer jobs only.
#pragma once

#include "store/draft.h"

typedef struct {
    Id conversation_id; // as the writer knows it; an alias keeps the draft that it has
    Id owner_id;        // 0: the shared one
    Id agent_id;
    const char *mode;
    const char *content;   // JSON
    const GArray *uploads; // of Id: what it names
    gint64 rev;            // 0: a new one

    Draft *stored; // result: what stands there now, also when it was refused; NULL: nothing
} DraftSave;

// Errors: not_found, conflict: draft_conflict (stored is another revision), draft_gone (it was sent
// or removed meanwhile).
gboolean draft_save(Db *db, DraftSave *save, GError **error);

// Nothing happens when there is none. rev 0: whatever stands there; else draft_conflict as above.
gboolean draft_discard(Db *db, DraftSave *save, GError **error);

// The event that a draft was sent with a message.
gboolean draft_record_sent(Db *db, Id draft_id, Id conversation_id, Id agent_id, GError **error);
