// Two hundred events of nine conversations on two channels over four days, at random from the
// test's seed. For tests that hold reports against counts made another way.
#pragma once

#include "../desk/fixture_waits.h"

static inline FixtureLog *many_waits(void) {
    FixtureLog *log = fixture_log_new();
    for (Id id = 1; id <= 200; id++) {
        log->conversation_id = id % 9 + 1;
        log->channel_id = g_test_rand_bit() ? SUPPORT : SALES;
        g_autofree char *time =
            g_strdup_printf("2026-11-2%dT%02d:%02d:00", g_test_rand_int_range(0, 4),
                            g_test_rand_int_range(0, 10), g_test_rand_int_range(0, 60));
        int what = g_test_rand_int_range(0, 10);
        if (what < 5)
            fixture_in(log, time, id);
        else if (what < 8)
            fixture_sent(log, time, time, ACTOR_AGENT, g_test_rand_bit() ? ALICE : BOB, id);
        else if (what < 9)
            fixture_status(log, time, "open", "resolved");
        else
            fixture_assigned(log, time, BOB, TEAM);
    }
    return log;
}
