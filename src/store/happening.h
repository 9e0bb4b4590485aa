// Happenings about messages (edits, removals, delivered, read): keys of those already applied, and
// those that came before their message and wait for it (channels.md 0.4-0.5). Writer jobs only.
#pragma once

#include "store/db.h"

// Remembers the key; *is_new is FALSE where it was known.
gboolean happening_remember(Db *db, Id channel_id, const char *event_key, Instant received_at,
                            gboolean *is_new, GError **error);

// Keeps a happening until its message comes. incoming is JSON.
gboolean happening_keep(Db *db, Id channel_id, const char *message_key, const char *event_key,
                        const char *incoming, Instant received_at, GError **error);

// Takes out what waits for this message: owned list of char * (JSON), in the order of their keys.
GPtrArray *happening_take(Db *db, Id channel_id, const char *message_key,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
