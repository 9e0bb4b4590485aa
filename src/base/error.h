// The one error domain of dialogd. Every layer fills a GError of it; only desk, reports, api and
// the main programs log. The kind decides the HTTP status and whether to try again, the code is for
// programs, the message (one line, no secrets) is for people. Not for programming errors: those are
// asserted.
#pragma once

#include <glib.h>

#define DIALOGD_ERROR (dialogd_error_quark())

typedef enum {
    ERROR_INVALID,         // 400: the caller's data is wrong
    ERROR_UNAUTHENTICATED, // 401: who is asking is not known
    ERROR_DENIED,          // 403: known, and not allowed
    ERROR_NOT_FOUND,       // 404
    ERROR_CONFLICT,        // 409: true of something else, e.g. the name is taken
    ERROR_PRECONDITION,    // 412: it has changed since it was read
    ERROR_TOO_LARGE,       // 413
    ERROR_LIMIT,           // 429: too many, too fast
    ERROR_UPSTREAM,        // 502: a provider or mail server failed
    ERROR_UNAVAILABLE,     // 503: we cannot now; trying again later is right
    ERROR_INTERNAL,        // 500
} ErrorKind;

GQuark dialogd_error_quark(void);

// Sets *error (which may be NULL) to an error of this kind. code is a static snake_case word such
// as "channel_unknown".
void error_set(GError **error, ErrorKind kind, const char *code, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

// The code given to error_set; "internal" for errors of other domains. Borrowed, static.
const char *error_code(const GError *error);

// The kind; ERROR_INTERNAL for errors of other domains.
ErrorKind error_kind(const GError *error);

// The HTTP status of a kind.
unsigned error_http_status(ErrorKind kind);

// True where the same call may work later (limit, upstream, unavailable).
gboolean error_can_retry(const GError *error);
