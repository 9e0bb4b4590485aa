#include "model/business_time.h"

#define SEARCH_MS (400 * ZONE_DAY_MS)

void business_cursor_init(BusinessCursor *cursor, const Calendar *calendar, Instant from,
                          Instant to) {
    *cursor = (BusinessCursor){.calendar = calendar, .from = from, .to = to, .covered_to = from};
    cursor->openings = g_array_new(FALSE, FALSE, sizeof(Opening));
}

void business_cursor_clear(BusinessCursor *cursor) {
    g_clear_pointer(&cursor->openings, g_array_unref);
}

static const CalendarVersion *version_in_turn(const BusinessCursor *cursor) {
    return g_ptr_array_index(cursor->calendar->versions, cursor->version);
}

// Where the version in turn stops counting: at the next one, or at the end of the span.
static Instant version_end(const BusinessCursor *cursor) {
    if (cursor->version + 1 >= cursor->calendar->versions->len)
        return cursor->to;
    const CalendarVersion *next =
        g_ptr_array_index(cursor->calendar->versions, cursor->version + 1);
    return MIN(cursor->to, next->valid_from);
}

static int opening_compare(gconstpointer a, gconstpointer b) {
    Instant x = ((const Opening *)a)->start, y = ((const Opening *)b)->start;
    return x < y ? -1 : x > y;
}

static void day_fill(BusinessCursor *cursor, const CalendarVersion *version, Instant start,
                     Instant end) {
    const GArray *hours = calendar_version_hours(version, cursor->day);
    g_array_set_size(cursor->openings, 0);
    cursor->next = 0;
    for (guint at = 0; at < hours->len; at++) {
        OpenHours interval = g_array_index(hours, OpenHours, at);
        Opening opening = {
            .start = zone_clock_instant(&cursor->clock, cursor->day, interval.opens_at, ZONE_START),
            .end = zone_clock_instant(&cursor->clock, cursor->day, interval.closes_at, ZONE_END),
            .version = version};
        opening.start = MAX(opening.start, start);
        opening.end = MIN(opening.end, end);
        if (opening.start < opening.end)
            g_array_append_val(cursor->openings, opening);
    }
    // A change of the clock can swap the order of two intervals.
    g_array_sort(cursor->openings, opening_compare);
}

static void version_begin(BusinessCursor *cursor, const CalendarVersion *version) {
    zone_clock_init(&cursor->clock, version->zone);
    Instant start = MAX(cursor->from, version->valid_from);
    // The day before may have an interval that reaches past midnight.
    cursor->day = zone_clock_day(&cursor->clock, start) - 1;
    cursor->is_begun = TRUE;
}

// Fills openings with the next local day's; FALSE when the span is over.
static gboolean day_advance(BusinessCursor *cursor) {
    while (cursor->version < cursor->calendar->versions->len) {
        const CalendarVersion *version = version_in_turn(cursor);
        Instant end = version_end(cursor);
        if (!cursor->is_begun)
            version_begin(cursor, version);
        if (version->valid_from < cursor->to && cursor->from < end &&
            zone_clock_instant(&cursor->clock, cursor->day, 0, ZONE_START) < end) {
            day_fill(cursor, version, MAX(cursor->from, version->valid_from), end);
            cursor->day++;
            return TRUE;
        }
        cursor->version++;
        cursor->is_begun = FALSE;
    }
    return FALSE;
}

gboolean business_cursor_next(BusinessCursor *cursor, Opening *opening) {
    for (;;) {
        while (cursor->next < cursor->openings->len) {
            *opening = g_array_index(cursor->openings, Opening, cursor->next++);
            opening->start = MAX(opening->start, cursor->covered_to);
            if (opening->start >= opening->end)
                continue;
            cursor->covered_to = opening->end;
            return TRUE;
        }
        if (!day_advance(cursor))
            return FALSE;
    }
}

static gboolean is_valid_at(const Calendar *calendar, Instant instant) {
    return calendar != NULL && calendar_version_at(calendar, instant) != NULL;
}

gint64 business_time_measure(const Calendar *calendar, Instant from, Instant to) {
    if (!is_valid_at(calendar, MIN(from, to)))
        return BUSINESS_TIME_NONE;
    BusinessCursor cursor;
    business_cursor_init(&cursor, calendar, MIN(from, to), MAX(from, to));
    Opening opening;
    gint64 sum = 0;
    while (business_cursor_next(&cursor, &opening))
        sum += opening.end - opening.start;
    business_cursor_clear(&cursor);
    return from <= to ? sum : -sum;
}

// The end of the search moves on with each opening found, so each gap may last 400 days.
static Instant due_find(BusinessCursor *cursor, gint64 remaining) {
    Opening opening;
    Instant last = cursor->from;
    while (business_cursor_next(cursor, &opening)) {
        if (opening.start - last > SEARCH_MS)
            break;
        gint64 length = opening.end - opening.start;
        if (remaining <= length)
            return opening.start + remaining;
        remaining -= length;
        last = opening.end;
        cursor->to = last + SEARCH_MS + ZONE_DAY_MS;
    }
    return INSTANT_NONE;
}

Instant business_time_due(const Calendar *calendar, Instant from, gint64 duration_ms) {
    if (!is_valid_at(calendar, from))
        return INSTANT_NONE;
    if (duration_ms <= 0)
        return from;
    BusinessCursor cursor;
    business_cursor_init(&cursor, calendar, from, from + SEARCH_MS + ZONE_DAY_MS);
    Instant due = due_find(&cursor, duration_ms);
    business_cursor_clear(&cursor);
    return due;
}

gboolean business_time_is_open(const Calendar *calendar, Instant instant) {
    return business_time_measure(calendar, instant, instant + 1) == 1;
}

GArray *business_time_list(const Calendar *calendar, Instant from, Instant to, guint limit) {
    GArray *list = g_array_new(FALSE, FALSE, sizeof(Opening));
    if (!is_valid_at(calendar, from))
        return list;
    BusinessCursor cursor;
    business_cursor_init(&cursor, calendar, from, to);
    Opening opening;
    while (list->len < limit && business_cursor_next(&cursor, &opening))
        g_array_append_val(list, opening);
    business_cursor_clear(&cursor);
    return list;
}
