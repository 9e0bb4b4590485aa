// Telephone numbers as E.164 writes them: +358401234567. Used wherever somebody types a number:
// calls, identities, channels. Pure; knows no numbering plans beyond the country code and the trunk
// prefix that it is given (doc/decisions/0089).
#pragma once

#include <glib.h>

// text in E.164, owned; NULL when it is no number. Blanks, hyphens, dots, slashes and brackets are
// passed over; "+" or "00" begins an international number, where "(0)" is dropped. Others need
// country_code ("358"; NULL or "": none) and lose trunk_prefix ("0"; NULL or "": none) in front.
char *phone_number_normalize(const char *text, const char *country_code,
                             const char *trunk_prefix) G_GNUC_WARN_UNUSED_RESULT;
