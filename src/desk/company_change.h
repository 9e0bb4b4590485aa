// Companies that customers belong to: their names and mail domains. Each change is an event. Writer
// jobs only. Used by api/companies.
#pragma once

#include "desk/customer_change.h"

#define COMPANY_DOMAINS_MAX 50

// What is set; texts borrowed. NULL stays.
typedef struct {
    const char *name;
    const char *const *domains; // lower case, NULL-ended: all that it has from now on
} CompanyChange;

// Errors: conflict (domain_taken).
gboolean company_add(Db *db, const CompanyChange *change, Id *company_id, CustomerActor who,
                     GError **error);
// Errors: not_found (company_unknown), conflict (domain_taken).
gboolean company_change(Db *db, Id company_id, const CompanyChange *change, CustomerActor who,
                        GError **error);
// Its customers belong to none afterwards.
gboolean company_remove(Db *db, Id company_id, CustomerActor who, GError **error);
