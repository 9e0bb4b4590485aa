#include "model/holiday_finland.h"

#define SATURDAY 5

// How a holiday's day follows from the year.
typedef enum { RULE_DATE, RULE_EASTER, RULE_SATURDAY_FROM, RULE_FRIDAY_FROM } HolidayRule;

typedef struct {
    const char *name;
    HolidayType type;
    int first_year, last_year;
    HolidayRule rule;
    int month, day; // the date; or the first date that a moving weekday may have
    int offset;     // days after Easter Sunday
} Holiday;

#define ALWAYS 1, 9999
static const Holiday holidays[] = {
    {"uudenvuodenpäivä", HOLIDAY_PUBLIC, ALWAYS, RULE_DATE, 1, 1, 0},
    {"loppiainen", HOLIDAY_PUBLIC, 1, 1972, RULE_DATE, 1, 6, 0},
    {"loppiainen", HOLIDAY_PUBLIC, 1973, 1990, RULE_SATURDAY_FROM, 1, 6, 0},
    {"loppiainen", HOLIDAY_PUBLIC, 1991, 9999, RULE_DATE, 1, 6, 0},
    {"pitkäperjantai", HOLIDAY_PUBLIC, ALWAYS, RULE_EASTER, 0, 0, -2},
    {"pääsiäispäivä", HOLIDAY_PUBLIC, ALWAYS, RULE_EASTER, 0, 0, 0},
    {"toinen pääsiäispäivä", HOLIDAY_PUBLIC, ALWAYS, RULE_EASTER, 0, 0, 1},
    {"vappu", HOLIDAY_PUBLIC, ALWAYS, RULE_DATE, 5, 1, 0},
    {"helatorstai", HOLIDAY_PUBLIC, 1, 1972, RULE_EASTER, 0, 0, 39},
    {"helatorstai", HOLIDAY_PUBLIC, 1973, 1990, RULE_EASTER, 0, 0, 34},
    {"helatorstai", HOLIDAY_PUBLIC, 1991, 9999, RULE_EASTER, 0, 0, 39},
    {"helluntaipäivä", HOLIDAY_PUBLIC, ALWAYS, RULE_EASTER, 0, 0, 49},
    {"juhannusaatto", HOLIDAY_EVE, 1, 1954, RULE_DATE, 6, 23, 0},
    {"juhannusaatto", HOLIDAY_EVE, 1955, 9999, RULE_FRIDAY_FROM, 6, 19, 0},
    {"juhannuspäivä", HOLIDAY_PUBLIC, 1, 1954, RULE_DATE, 6, 24, 0},
    {"juhannuspäivä", HOLIDAY_PUBLIC, 1955, 9999, RULE_SATURDAY_FROM, 6, 20, 0},
    {"pyhäinpäivä", HOLIDAY_PUBLIC, 1, 1954, RULE_DATE, 11, 1, 0},
    {"pyhäinpäivä", HOLIDAY_PUBLIC, 1955, 9999, RULE_SATURDAY_FROM, 10, 31, 0},
    {"itsenäisyyspäivä", HOLIDAY_PUBLIC, ALWAYS, RULE_DATE, 12, 6, 0},
    {"jouluaatto", HOLIDAY_EVE, ALWAYS, RULE_DATE, 12, 24, 0},
    {"joulupäivä", HOLIDAY_PUBLIC, ALWAYS, RULE_DATE, 12, 25, 0},
    {"tapaninpäivä", HOLIDAY_PUBLIC, ALWAYS, RULE_DATE, 12, 26, 0},
};

// The anonymous Gregorian computus (Meeus, Astronomical Algorithms, ch. 8).
LocalDay holiday_easter(int year) {
    int a = year % 19, b = year / 100, c = year % 100;
    int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451;
    int n = h + l - 7 * m + 114;
    return local_day_of_date(year, n / 31, n % 31 + 1);
}

static LocalDay weekday_from(LocalDay first, int weekday) {
    return first + (weekday - local_day_weekday(first) + 7) % 7;
}

static LocalDay holiday_day(const Holiday *holiday, int year) {
    switch (holiday->rule) {
    case RULE_EASTER:
        return holiday_easter(year) + holiday->offset;
    case RULE_SATURDAY_FROM:
        return weekday_from(local_day_of_date(year, holiday->month, holiday->day), SATURDAY);
    case RULE_FRIDAY_FROM:
        return weekday_from(local_day_of_date(year, holiday->month, holiday->day), SATURDAY - 1);
    case RULE_DATE:
    default:
        return local_day_of_date(year, holiday->month, holiday->day);
    }
}

static gboolean holiday_is_on(const Holiday *holiday, LocalDay day, int year, int month) {
    if (year < holiday->first_year || year > holiday->last_year)
        return FALSE;
    if (holiday->rule == RULE_DATE && month != holiday->month)
        return FALSE;
    return holiday_day(holiday, year) == day;
}

HolidayType holiday_finland_find(LocalDay day, const char **name) {
    int year, month, day_of_month;
    local_day_date(day, &year, &month, &day_of_month);
    for (gsize at = 0; at < G_N_ELEMENTS(holidays); at++)
        if (holiday_is_on(&holidays[at], day, year, month)) {
            if (name != NULL)
                *name = holidays[at].name;
            return holidays[at].type;
        }
    if (name != NULL)
        *name = NULL;
    return HOLIDAY_NONE;
}
