// Many raw mails in one body, as dialogctl import sends them: for each a line "SIZE INSTANT"
// (INSTANT in milliseconds, or "-" where the source tells no time of arrival) and SIZE bytes. Pure.
#pragma once

#include "base/clock.h"

typedef struct {
    GBytes *bytes;
    Instant arrived_at; // or INSTANT_NONE
} ImportMail;

void import_mail_free(ImportMail *mail);

void import_batch_add(GByteArray *batch, GBytes *mail, Instant arrived_at);

// Owned list of ImportMail; their bytes share the body's memory. NULL with an error (invalid).
GPtrArray *import_batch_decode(GBytes *body, GError **error) G_GNUC_WARN_UNUSED_RESULT;
