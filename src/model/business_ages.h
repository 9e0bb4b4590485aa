// Business time of many spans that all end at the same instant: how old are the open waits? What
// lies between midnights is measured once. Used by reports. Pure.
#pragma once

#include "model/business_time.h"

typedef struct BusinessAges BusinessAges;

// Borrows the calendar, which may be NULL.
BusinessAges *business_ages_new(const Calendar *calendar, Instant end) G_GNUC_WARN_UNUSED_RESULT;
void business_ages_free(BusinessAges *ages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BusinessAges, business_ages_free)

// The same as business_time_measure(calendar, from, end); 0 where from is after end.
gint64 business_ages_measure(BusinessAges *ages, Instant from);
