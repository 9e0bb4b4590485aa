// Checks of verify.c that are one query each: it gives what is unsound. Used by verify.c alone.
#pragma once

#include <glib.h>

typedef struct {
    const char *check;
    const char *meaning;
    const char *sql; // gives one row: how many, and one of them as text
} VerifyRule;

extern const VerifyRule verify_rules[]; // ends with a NULL check
