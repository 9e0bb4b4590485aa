// Structured values with parameters: Content-Type and Content-Disposition (RFC 2045, 2231, and what
// mailers really write). Used by the mail decoder and report readers only. Never fails.
#pragma once

#include <glib.h>

#define HEADER_PARAMETERS_MAXIMUM 200 // pieces of parameters that are read

typedef struct {
    char *value;       // before the first ";", lower case, without blanks; "" when there is none
    GPtrArray *names;  // lower case, without "*" parts
    GPtrArray *values; // decoded UTF-8, beside names
} HeaderParameters;

// value: one line, or NULL.
void header_parameters_parse(HeaderParameters *parameters, const char *value);
void header_parameters_clear(HeaderParameters *parameters);

// The first parameter of this name, or NULL. Borrowed.
const char *header_parameters_get(const HeaderParameters *parameters, const char *name);

// Replaces or adds a parameter; name in lower case.
void header_parameters_set(HeaderParameters *parameters, const char *name, const char *value);
