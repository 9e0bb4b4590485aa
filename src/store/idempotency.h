// One POST, one effect: the answer of a request that bore an Idempotency-Key, kept with its row's
// effects in one transaction. Used by api/write.c within writer jobs only.
#pragma once

#include "store/db.h"

typedef struct {
    unsigned status; // 0: nothing is kept under this key
    char *body;      // JSON text; "" where the answer bore a secret or had no body
    gboolean has_same_request;
} KeptAnswer;

void kept_answer_clear(KeptAnswer *kept);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KeptAnswer, kept_answer_clear)

// What is kept for this agent (0: the local administrator) and key. request_sha256: 32 bytes over
// method, target and body. FALSE with an error.
gboolean idempotency_find(Db *db, Id agent_id, const char *key, const guint8 request_sha256[32],
                          KeptAnswer *kept, GError **error);

gboolean idempotency_add(Db *db, Id agent_id, const char *key, const guint8 request_sha256[32],
                         unsigned status, const char *body, GError **error);

// Forgets what is older than 48 hours, at most 1,000 rows.
gboolean idempotency_prune(Db *db, Instant now, GError **error);
