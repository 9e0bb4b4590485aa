// Which language a text is in, told by its commonest words, so that its words are brought to their
// base forms by the right rules. Pure.
#pragma once

#include <glib.h>

typedef enum { LANGUAGE_FINNISH, LANGUAGE_SWEDISH, LANGUAGE_ENGLISH, LANGUAGES } Language;

#define LANGUAGE_UNKNOWN LANGUAGES                 // too short to tell: may be any of them
#define LANGUAGE_OTHER ((Language)(LANGUAGES + 1)) // long enough, and none of them

// Looks at the first few hundred words.
Language language_guess(const char *text);
