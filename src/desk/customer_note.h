// Notes about a customer and what a customer has agreed to. Notes are changed and taken away by
// their writer alone; consent is only ever added. Writer jobs only. Used by api.
#pragma once

#include "desk/customer_change.h"

#define CUSTOMER_NOTE_MAX 20000 // characters

gboolean customer_note_add(Db *db, Id customer_id, const char *text, Id *note_id, CustomerActor who,
                           GError **error);

// Errors: not_found (note_unknown), denied (note_of_another).
gboolean customer_note_change(Db *db, Id customer_id, Id note_id, const char *text,
                              CustomerActor who, GError **error);
gboolean customer_note_remove(Db *db, Id customer_id, Id note_id, CustomerActor who,
                              GError **error);

// What was said about one purpose; texts borrowed.
typedef struct {
    const char *purpose;
    gboolean is_given;
    Instant occurred_at;
    const char *source;
} CustomerConsent;

gboolean customer_consent_add(Db *db, Id customer_id, const CustomerConsent *consent,
                              CustomerActor who, GError **error);
