// References between mails as threading needs them: every id that a mail bears or names, and what
// model/threading looks at in it. Written and read by desk/inbound within writer jobs.
#pragma once

#include "model/threading.h"
#include "store/db.h"

// Adds what threading must know of a mail; references are ids with their ranks in order: own id
// first (NULL: none), then from the one that it answers to the oldest.
gboolean thread_add(Db *db, const ThreadMail *mail, const char *own_id,
                    const char *const *references, GError **error);

// A known mail that bears or names a reference.
typedef struct {
    Id message_id;
    Id conversation_id;
    guint rank;
    ThreadMail mail; // its pointers live until the next thread_matches_next or the end
} ThreadMatch;

typedef struct ThreadMatches ThreadMatches;

// All known mails that bear or name the reference, owners first, at most 200. NULL with an error.
ThreadMatches *thread_find(Db *db, const char *reference, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean thread_matches_next(ThreadMatches *matches, ThreadMatch *match, GError **error);
void thread_matches_free(ThreadMatches *matches);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ThreadMatches, thread_matches_free)
