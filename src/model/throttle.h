// Token buckets in a fixed table: how often something may be tried by an address, on an account, by
// all together. Memory does not grow with the number of strangers; a bucket that two keys share
// only counts where both of a key's two buckets are empty. Pure: the caller gives the instant and
// locks. Used by desk/sign_in, the audit of refusals and the limit of tokens.
#pragma once

#include "base/clock.h"

typedef struct Throttle Throttle;

typedef struct {
    double burst;    // so many at once
    double every_ms; // then one in so many milliseconds
} ThrottleRate;

// seed: random, so that nobody can choose keys that share buckets.
Throttle *throttle_new(guint64 seed) G_GNUC_WARN_UNUSED_RESULT;
void throttle_free(Throttle *throttle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Throttle, throttle_free)

// Takes one from the bucket of kind and key. 0: there was one; else the milliseconds until there is
// one again, and nothing was taken.
gint64 throttle_take(Throttle *throttle, const char *kind, const char *key, ThrottleRate rate,
                     Instant now);

// Gives one back: what was tried turned out to be good.
void throttle_give(Throttle *throttle, const char *kind, const char *key);
