#include "model/throttle.h"

#include <math.h>

#define SLOTS 32768 // a power of two; 512 KiB

typedef struct {
    double used; // at the instant; falls by one each every_ms
    Instant at;
} Bucket;

struct Throttle {
    guint64 seed;
    Bucket buckets[SLOTS];
};

Throttle *throttle_new(guint64 seed) {
    Throttle *throttle = g_new0(Throttle, 1);
    throttle->seed = seed;
    return throttle;
}

void throttle_free(Throttle *throttle) {
    g_free(throttle);
}

// FNV-1a from a secret start, mixed (the finalizer of MurmurHash3).
static guint64 hash_of(const Throttle *throttle, const char *kind, const char *key) {
    const char *const parts[] = {kind, key};
    guint64 hash = throttle->seed ^ G_GUINT64_CONSTANT(14695981039346656037);
    for (gsize part = 0; part < G_N_ELEMENTS(parts); part++) {
        for (const char *at = parts[part]; *at != '\0'; at++)
            hash = (hash ^ (guint8)*at) * G_GUINT64_CONSTANT(1099511628211);
        hash = (hash ^ 0xff) * G_GUINT64_CONSTANT(1099511628211) + throttle->seed;
    }
    hash = (hash ^ (hash >> 33)) * G_GUINT64_CONSTANT(0xff51afd7ed558ccd);
    hash = (hash ^ (hash >> 33)) * G_GUINT64_CONSTANT(0xc4ceb9fe1a85ec53);
    return hash ^ (hash >> 33);
}

static void find(Throttle *throttle, const char *kind, const char *key, Bucket *found[2]) {
    guint64 hash = hash_of(throttle, kind, key);
    found[0] = &throttle->buckets[hash % SLOTS];
    found[1] = &throttle->buckets[(hash >> 32) % SLOTS];
}

static void settle(Bucket *bucket, ThrottleRate rate, Instant now) {
    double passed = (double)MAX(now - bucket->at, 0);
    bucket->used = MAX(bucket->used - passed / rate.every_ms, 0);
    bucket->at = now;
}

gint64 throttle_take(Throttle *throttle, const char *kind, const char *key, ThrottleRate rate,
                     Instant now) {
    Bucket *found[2];
    find(throttle, kind, key, found);
    settle(found[0], rate, now);
    settle(found[1], rate, now);
    double used = MIN(found[0]->used, found[1]->used);
    double over = used + 1 - rate.burst;
    if (over > 0)
        return MAX((gint64)ceil(over * rate.every_ms - 1e-6), 1);
    found[0]->used = MIN(found[0]->used + 1, rate.burst);
    if (found[1] != found[0])
        found[1]->used = MIN(found[1]->used + 1, rate.burst);
    return 0;
}

void throttle_give(Throttle *throttle, const char *kind, const char *key) {
    Bucket *found[2];
    find(throttle, kind, key, found);
    found[0]->used = MAX(found[0]->used - 1, 0);
    if (found[1] != found[0])
        found[1]->used = MAX(found[1]->used - 1, 0);
}
