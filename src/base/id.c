#include "base/id.h"

#include "base/error.h"

#define ID_EPOCH G_GINT64_CONSTANT(1577836800000) // 2020-01-01T00:00:00Z
#define ID_COUNTER_BITS 21
#define ID_RANDOM_BITS 16 // the rest of the counter is room to count upwards

static gint64 last; // atomic

Id id_next(void) {
    gint64 before = __atomic_load_n(&last, __ATOMIC_RELAXED);
    gint64 next;
    do {
        gint64 fresh = ((clock_now() - ID_EPOCH) << ID_COUNTER_BITS) |
                       (gint64)(g_random_int() >> (32 - ID_RANDOM_BITS));
        next = MAX(fresh, before + 1);
    } while (!__atomic_compare_exchange_n(&last, &before, next, FALSE, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED));
    return next;
}

Instant id_instant(Id id) {
    return (id >> ID_COUNTER_BITS) + ID_EPOCH;
}

Id id_first(Instant instant) {
    return MAX(instant - ID_EPOCH, 0) << ID_COUNTER_BITS;
}

Id id_parse(const char *text, GError **error) {
    guint64 value = 0;
    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &value, NULL)) {
        error_set(error, ERROR_INVALID, "id_invalid", "\"%.40s\" is no id", text);
        return 0;
    }
    return (Id)value;
}

char *id_format(Id id, char text[ID_TEXT_SIZE]) {
    g_snprintf(text, ID_TEXT_SIZE, "%" G_GINT64_FORMAT, id);
    return text;
}
