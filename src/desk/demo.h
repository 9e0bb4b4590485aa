// Fills an empty store with a demo inbox: some 200 conversations of a small shop in Finnish,
// Swedish and English, by mail and Telegram, with attachments, bounces, auto-replies, open and late
// waits. Everything goes the ordinary way in and out (inbound, reply_write, outbox records) with
// the clock fixed step by step; the same seed and instant give the same inbox but for ids. Nothing
// is ever sent. Used by api/demo.c.
#pragma once

#include "store/store.h"

typedef struct {
    guint conversations;
    guint received; // messages in
    guint replies;
} DemoFigures;

// now: the instant at which the story stops. Fixes the process's clock meanwhile, so nothing else
// may run beside it. conflict when the store has channels already. Not on the writer's thread.
gboolean demo_fill(Store *store, Instant now, DemoFigures *figures, GError **error);
