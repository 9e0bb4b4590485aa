// Fills a store with messages that come in by the way that web hooks take. Used by the benchmarks.
#pragma once

#include "tests/desk/desk_fixture.h"

#define LONG_MESSAGES 200 // of one conversation in 2,000

typedef struct {
    DeskFixture *fixture;
    Id channel_id;
    gint64 messages;
    gint64 a_conversation; // messages of most conversations
    Instant begin;         // of the first; each is a second later
    guint pending;         // deliveries on their way; atomic
} BenchFill;

// How many seconds it took.
double bench_fill(BenchFill *fill);
