#include "model/search_period.h"

#include <string.h>

#include "model/search_vocabulary.h"

#define AGE_DIGITS_MAX 6

static const char *rest_of(gsize length) {
    static const char *const rests[] = {
        [4] = "-01-01T00:00:00Z", [7] = "-01T00:00:00Z", [10] = "T00:00:00Z"};
    return length < G_N_ELEMENTS(rests) ? rests[length] : NULL;
}

Instant search_day_parse(const char *value) {
    const char *rest = rest_of(strlen(value));
    g_autofree char *full = g_strconcat(value, rest, NULL);
    return instant_parse(full, NULL);
}

// The first instant after the year, month or day; of a full instant, the millisecond after it.
static Instant day_end(const char *value, Instant begin) {
    gsize length = strlen(value);
    if (rest_of(length) == NULL)
        return begin + 1;
    g_autoptr(GDateTime) first = g_date_time_new_from_unix_utc(begin / 1000);
    g_autoptr(GDateTime) next =
        g_date_time_add_full(first, length == 4, length == 7, length == 10, 0, 0, 0);
    return next != NULL ? g_date_time_to_unix(next) * 1000 : begin;
}

typedef struct {
    gboolean is_more;
    gboolean is_less;
    gboolean is_inclusive;
} Comparison;

static const char *comparison_read(const char *at, Comparison *comparison) {
    *comparison = (Comparison){.is_more = *at == '>', .is_less = *at == '<'};
    if (!comparison->is_more && !comparison->is_less)
        return at;
    at++;
    comparison->is_inclusive = *at == '=';
    return at + comparison->is_inclusive;
}

static gboolean age_read(const char *value, gint64 *age) {
    gsize digits = strspn(value, "0123456789");
    const SearchWord *unit = search_word_find(search_units, value + digits);
    if (digits == 0 || digits > AGE_DIGITS_MAX || value[digits] == '\0' || unit == NULL)
        return FALSE;
    *age = g_ascii_strtoll(value, NULL, 10) * unit->number;
    return TRUE;
}

static gboolean range_read(const char *value, SearchFilter *filter) {
    const char *dots = strstr(value, "..");
    g_autofree char *from = dots != NULL ? g_strndup(value, (gsize)(dots - value)) : NULL;
    const char *to = dots != NULL ? dots + 2 : value;
    Instant last = search_day_parse(to);
    filter->low = search_day_parse(dots != NULL ? from : value);
    if (filter->low == INSTANT_NONE || last == INSTANT_NONE)
        return FALSE;
    filter->high = day_end(to, last);
    return TRUE;
}

static gboolean limit_read(const char *value, Comparison comparison, SearchFilter *filter) {
    Instant begin = search_day_parse(value);
    if (begin == INSTANT_NONE)
        return FALSE;
    Instant end = day_end(value, begin);
    if (comparison.is_more)
        filter->low = comparison.is_inclusive ? begin : end;
    else
        filter->high = comparison.is_inclusive ? end : begin;
    return TRUE;
}

gboolean search_period_parse(const char *value, SearchFilter *filter) {
    Comparison comparison;
    gint64 age;
    filter->low = G_MININT64;
    filter->high = G_MAXINT64;
    value = comparison_read(value, &comparison);
    if (!comparison.is_more && !comparison.is_less)
        return range_read(value, filter);
    filter->is_age = age_read(value, &age);
    if (!filter->is_age)
        return limit_read(value, comparison, filter);
    if (comparison.is_more)
        filter->low = age;
    else
        filter->high = age;
    return TRUE;
}
