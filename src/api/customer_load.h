// One customer with its identities as JSON. Used by api/customers.c and api/customer_actions.c.
#pragma once

#include <jansson.h>

#include "store/db.h"

// The customer that stands for this id; NULL with an error (not found: customer_unknown).
json_t *customer_load(Db *db, Id id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
