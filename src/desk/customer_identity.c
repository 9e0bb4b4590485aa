#include <string.h>

#include "base/error.h"
#include "channels/registry.h"
#include "desk/customer_change.h"
#include "desk/phone_address.h"
#include "model/party.h"
#include "store/customer.h"

// The address as the kind's own messages bring it; owned.
static char *normalize(Db *db, const char *kind_name, const char *address, GError **error) {
    const ChannelKind *kind = registry_find(kind_name);
    if (strcmp(kind_name, "phone") == 0)
        return phone_address_normalize(db, address, 0, error);
    if (kind == NULL || (kind->abilities & ABILITY_LOCAL_IDENTITIES) != 0 ||
        strcmp(kind_name, "meeting") == 0) {
        error_set(error, ERROR_INVALID, "kind_invalid",
                  "addresses of kind %s cannot be added by hand", kind_name);
        return NULL;
    }
    if (strcmp(kind_name, "email") != 0 || strchr(address, '@') != NULL)
        return party_address_normalize(address);
    error_set(error, ERROR_INVALID, "email_invalid", "this is no mail address");
    return NULL;
}

static gboolean check_free(Db *db, const char *kind, const char *address, GError **error) {
    Identity identity;
    gboolean found;
    if (!identity_find(db, kind, "", address, &identity, &found, error))
        return FALSE;
    if (found)
        error_set(error, ERROR_CONFLICT, "identity_taken",
                  "this address is a customer's already: merge them if they are one person");
    return !found;
}

gboolean customer_add_identity(Db *db, Id customer_id, const char *kind, const char *address,
                               Id *identity_id, CustomerActor who, GError **error) {
    Id root;
    g_autofree char *normal = normalize(db, kind, address, error);
    return normal != NULL && customer_get_root(db, customer_id, &root, error) &&
           check_free(db, kind, normal, error) &&
           identity_add(db, root, kind, "", normal, "", identity_id, error) &&
           customer_record(db, root, "identity_added", *identity_id, who, error);
}

// The identity must be one of this customer's; *owner: the part that has it.
static gboolean get_owner(Db *db, Id root, Id identity_id, Id *owner, GError **error) {
    gboolean found;
    if (!db_query_int(db,
                      "SELECT customer.id FROM identity JOIN customer ON customer.id ="
                      " identity.customer_id WHERE identity.id = $1 AND customer.root_id = $2",
                      DB_VALUES(DB_ID(identity_id), DB_ID(root)), owner, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_NOT_FOUND, "identity_unknown", "there is no such address");
    return found;
}

gboolean customer_remove_identity(Db *db, Id customer_id, Id identity_id, CustomerActor who,
                                  GError **error) {
    Id root, owner;
    return customer_get_root(db, customer_id, &root, error) &&
           get_owner(db, root, identity_id, &owner, error) &&
           identity_remove(db, identity_id, owner, error) &&
           customer_record(db, root, "identity_removed", identity_id, who, error);
}

gboolean customer_block_identity(Db *db, Id customer_id, Id identity_id, gboolean is_blocked,
                                 CustomerActor who, GError **error) {
    Id root, owner;
    return customer_get_root(db, customer_id, &root, error) &&
           get_owner(db, root, identity_id, &owner, error) &&
           identity_set_blocked(db, identity_id, is_blocked, clock_now(), error) &&
           db_run(db, "UPDATE customer SET version = version + 1 WHERE id = $1",
                  DB_VALUES(DB_ID(root)), error) &&
           customer_record(db, root, is_blocked ? "identity_blocked" : "identity_unblocked",
                           identity_id, who, error);
}
