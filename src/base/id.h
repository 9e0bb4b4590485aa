// Identifiers of rows: 63 bits, time-ordered, made by us. 42 bits of milliseconds since 2020 (139
// years) and 21 bits that begin at random in each millisecond and count upwards. Shown to the world
// as decimal strings.
#pragma once

#include "base/clock.h"

typedef gint64 Id; // > 0; 0 is "none"

#define ID_TEXT_SIZE 20 // decimal digits and the final NUL

// A new id, greater than every one that this process made before, whatever the clock does. Any
// thread.
Id id_next(void);

// The millisecond in which the id was made.
Instant id_instant(Id id);

// No id that was made before this instant is greater or equal. For ranges of time over ids.
Id id_first(Instant instant);

// The id in decimal; 0 and an error (invalid) for anything else than 1 .. 2^63-1.
Id id_parse(const char *text, GError **error);

// Writes the decimal form; returns text.
char *id_format(Id id, char text[ID_TEXT_SIZE]);
