#include "desk/call_place.h"

#include <string.h>

#include "base/error.h"
#include "desk/phone_address.h"
#include "model/party.h"
#include "store/customer.h"
#include "store/visibility.h"

static gboolean missing(const char *code, const char *what, GError **error) {
    error_set(error, ERROR_NOT_FOUND, code, "there is no such %s", what);
    return FALSE;
}

// The channel that it begins on: the one named, which must be of the kind, or the only one.
static gboolean find_channel(Db *db, const CallDraft *draft, Id *channel_id, GError **error) {
    GError *problem = NULL;
    guint count = 0;
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT id FROM channel WHERE kind = $1 AND removed_at IS NULL"
        " AND ($2 = 0 OR id = $2) AND " VISIBLE_CHANNEL("channel.id", "$3") " ORDER BY id LIMIT 2",
        DB_VALUES(DB_TEXT(draft->kind), DB_INT(draft->channel_id), DB_ID(draft->viewer)), error);
    if (rows == NULL)
        return FALSE;
    for (; db_rows_next(rows, &problem); count++)
        *channel_id = db_rows_id(rows, 0);
    if (problem != NULL)
        g_propagate_error(error, problem);
    else if (count != 1)
        error_set(error, ERROR_INVALID, "channel_needed",
                  count == 0 ? "there is no such channel of kind %s: add one, or name the"
                               " conversation that it belongs to"
                             : "there are several channels of kind %s: say which by channel_id",
                  draft->kind);
    return problem == NULL && count == 1;
}

// The address as identities have it: kind and normalized text (owned).
static char *read_address(Db *db, const CallDraft *draft, Id channel_id, const char **kind,
                          GError **error) {
    gboolean is_mail = strchr(draft->address, '@') != NULL && strcmp(draft->kind, "meeting") == 0;
    *kind = is_mail ? "email" : "phone";
    return is_mail ? party_address_normalize(draft->address)
                   : phone_address_normalize(db, draft->address, channel_id, error);
}

static gboolean take_identity(Db *db, const CallDraft *draft, const char *kind, const char *address,
                              Id *customer_id, CallPlace *place, GError **error) {
    Identity identity = {0};
    gboolean found;
    if (!identity_find(db, kind, "", address, &identity, &found, error))
        return FALSE;
    if (found && *customer_id != 0 && identity.customer_id != *customer_id) {
        error_set(error, ERROR_CONFLICT, "identity_taken",
                  "this address belongs to another customer: merge them, or leave it away");
        return FALSE;
    }
    if (!found && *customer_id != 0 &&
        !identity_add(db, *customer_id, kind, "", address, "", &identity.id, error))
        return FALSE;
    if (!found && *customer_id == 0 &&
        !customer_add(db, kind, "", address, draft->name, NULL, &identity, error))
        return FALSE;
    if (*customer_id == 0)
        *customer_id = identity.customer_id;
    place->identity_id = identity.id;
    return TRUE;
}

// Who it was: sets the customer where only an address is known.
static gboolean find_person(Db *db, const CallDraft *draft, Id channel_id, Id *customer_id,
                            CallPlace *place, GError **error) {
    const char *kind = NULL;
    gboolean found;
    if (draft->address == NULL)
        return db_query_int(db,
                            "SELECT identity.id FROM identity JOIN customer ON customer.id ="
                            " identity.customer_id WHERE customer.root_id = $1 AND kind = 'phone'"
                            " ORDER BY identity.id LIMIT 1",
                            DB_VALUES(DB_ID(*customer_id)), &place->identity_id, &found, error);
    g_autofree char *address = read_address(db, draft, channel_id, &kind, error);
    return address != NULL && take_identity(db, draft, kind, address, customer_id, place, error);
}

static gboolean find_customer(Db *db, const CallDraft *draft, Id *customer_id, GError **error) {
    if (draft->customer_id == 0)
        return TRUE;
    if (!customer_find_root(db, draft->customer_id, customer_id, error))
        return FALSE;
    return *customer_id != 0 || missing("customer_unknown", "customer", error);
}

static gboolean begin(Db *db, const CallDraft *draft, Id customer_id, CallPlace *place,
                      GError **error) {
    place->is_new = TRUE;
    return conversation_add(db,
                            &(ConversationDraft){
                                .channel_id = place->channel_id,
                                .customer_id = customer_id,
                                .identity_id = place->identity_id,
                                .subject = draft->subject != NULL ? draft->subject : "",
                                .base_subject = "",
                                .status = "open",
                                .created_at = draft->started_at,
                            },
                            &place->conversation, error);
}

// Into a conversation that is there: it counts there, on that conversation's channel.
static gboolean enter(Db *db, const CallDraft *draft, CallPlace *place, GError **error) {
    gboolean found;
    Id customer_id = 0;
    if (!conversation_find(db, draft->conversation_id, &place->conversation, &found, error))
        return FALSE;
    if (!found)
        return missing("conversation_unknown", "conversation", error);
    place->channel_id = place->conversation.channel_id;
    return customer_find_root(db, place->conversation.customer_id, &customer_id, error) &&
           find_person(db, draft, draft->channel_id, &customer_id, place, error);
}

gboolean call_place_find(Db *db, const CallDraft *draft, CallPlace *place, GError **error) {
    Id customer_id = 0;
    if (draft->conversation_id != 0)
        return enter(db, draft, place, error);
    return find_customer(db, draft, &customer_id, error) &&
           find_channel(db, draft, &place->channel_id, error) &&
           find_person(db, draft, place->channel_id, &customer_id, place, error) &&
           begin(db, draft, customer_id, place, error);
}
