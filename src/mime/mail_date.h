// Dates of mail headers -> Instant, however odd. Used by the mail decoder only. Never fails; looks
// at no clock and no time zone database.
#pragma once

#include "base/clock.h"

// RFC 5322, its obsolete forms, and what mailers really write; INSTANT_NONE when it is no date at
// all. value may be NULL.
Instant mail_date_parse(const char *value);
