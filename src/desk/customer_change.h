// What agents change of a customer: the record itself, its addresses, notes and consent; and
// companies. Each change is an event of ids and words, counts the version up and keeps the words by
// which customers are found. Writer jobs only. Merging stands in desk/conversation_merge.h.
#pragma once

#include <jansson.h>

#include "model/event.h"
#include "store/db.h"

// Who changes it.
typedef struct {
    Actor actor;
    Id actor_id;
} CustomerActor;

// What is set; texts borrowed. Ids of 0 clear.
typedef struct {
    const char *name;     // NULL: stays
    const char *language; // normalized; "": none; NULL: stays
    gboolean sets_company;
    Id company_id;
    gboolean sets_preferred_channel;
    Id preferred_channel_id;
    const json_t *fields; // object of custom fields' keys; null empties; NULL: stay
} CustomerChange;

// The customer that stands for this id. Errors: not_found (customer_unknown, customer_erased,
// company_unknown, channel_unknown).
gboolean customer_change(Db *db, Id customer_id, const CustomerChange *change, CustomerActor who,
                         GError **error);

// One that nobody has written as yet. The name may be "".
gboolean customer_create(Db *db, const CustomerChange *change, Id *customer_id, CustomerActor who,
                         GError **error);

// *root: the customer that stands for it, which must be there and not erased. Errors: not_found.
gboolean customer_get_root(Db *db, Id customer_id, Id *root, GError **error);

// Records customer_changed. what: "added", "changed", "identity_added", "identity_removed",
// "identity_blocked", "identity_unblocked", "note_added", "note_changed", "note_removed",
// "consent_recorded", "field_set", "field_emptied".
gboolean customer_record(Db *db, Id customer_id, const char *what, Id id, CustomerActor who,
                         GError **error);

// An address, normalized as its kind wants (phone numbers as desk/phone_address does). Errors:
// invalid, conflict (identity_taken).
gboolean customer_add_identity(Db *db, Id customer_id, const char *kind, const char *address,
                               Id *identity_id, CustomerActor who, GError **error);
gboolean customer_remove_identity(Db *db, Id customer_id, Id identity_id, CustomerActor who,
                                  GError **error);
// Errors: not_found (identity_unknown).
gboolean customer_block_identity(Db *db, Id customer_id, Id identity_id, gboolean is_blocked,
                                 CustomerActor who, GError **error);
