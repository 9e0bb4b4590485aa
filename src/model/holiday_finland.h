// The public holidays of Finland, computed for any year (Kirkkolaki and the holiday acts: Easter,
// Midsummer and All Saints' Day move; Epiphany and Ascension Day were on Saturdays in 1973-1990).
// Used by calendars. Pure.
#pragma once

#include "model/zone.h"

typedef enum {
    HOLIDAY_NONE,
    HOLIDAY_PUBLIC,
    HOLIDAY_EVE, // Christmas Eve and Midsummer Eve: no public holidays, offices close all the same
} HolidayType;

// What that day is, and in *name (may be NULL) its Finnish name, static; NULL for none.
HolidayType holiday_finland_find(LocalDay day, const char **name);

// Easter Sunday of a year of the Gregorian calendar.
LocalDay holiday_easter(int year);
