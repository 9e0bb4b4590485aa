// What changes a customer: adding by hand, the record, merging with another, and undoing that.
#include "api/customer_load.h"
#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "desk/conversation_merge.h"
#include "model/language_tag.h"

#define IDENTITIES_MAX 20

// Texts are borrowed from the call's body, which lives until the answer.
typedef struct {
    Id id;
    Id other;
    CustomerChange change;
    char *language; // owned
    struct {
        const char *kind;
        const char *address;
    } identities[IDENTITIES_MAX];
    gsize identity_count;
} Action;

static void action_free(gpointer data) {
    Action *action = data;
    g_free(action->language);
    g_free(action);
}

static gboolean write_merge(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return customer_match(call, db, action->id, error) &&
           customer_merge(db, action->id, action->other, api_call_principal(call)->agent_id,
                          error) &&
           customer_answer(call, db, action->id, 200, error);
}

static gboolean write_unmerge(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return customer_match(call, db, action->id, error) &&
           customer_unmerge(db, action->other, api_call_principal(call)->agent_id, error) &&
           customer_answer(call, db, action->other, 200, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return customer_match(call, db, action->id, error) &&
           customer_change(db, action->id, &action->change, customer_actor(call), error) &&
           customer_answer(call, db, action->id, 200, error);
}

static gboolean write_new(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    CustomerActor who = customer_actor(call);
    Id id, identity;
    if (!customer_create(db, &action->change, &id, who, error))
        return FALSE;
    for (gsize at = 0; at < action->identity_count; at++)
        if (!customer_add_identity(db, id, action->identities[at].kind,
                                   action->identities[at].address, &identity, who, error))
            return FALSE;
    return customer_answer(call, db, id, 201, error);
}

static gboolean read_language(const json_t *value, Action *action, GError **error) {
    if (value == NULL)
        return TRUE;
    action->language = json_is_null(value)     ? g_strdup("")
                       : json_is_string(value) ? language_tag_normalize(json_string_value(value))
                                               : NULL;
    action->change.language = action->language;
    if (action->language == NULL)
        error_set(error, ERROR_INVALID, "language_invalid",
                  "language must be a language tag like fi, sv or en-GB, or null");
    return action->language != NULL;
}

static gboolean read_record(Action *action, const json_t *language, const json_t *company,
                            const json_t *channel, GError **error) {
    CustomerChange *change = &action->change;
    if (change->fields != NULL && !json_is_object(change->fields)) {
        error_set(error, ERROR_INVALID, "field_invalid", "fields must be an object of their keys");
        return FALSE;
    }
    change->sets_company = company != NULL;
    change->sets_preferred_channel = channel != NULL;
    return (change->name == NULL || field_check_line("name", change->name, 0, 200, error)) &&
           read_language(language, action, error) &&
           (company == NULL ||
            field_read_id("company_id", company, TRUE, &change->company_id, error)) &&
           (channel == NULL || field_read_id("preferred_channel_id", channel, TRUE,
                                             &change->preferred_channel_id, error));
}

static gboolean see_channel(ApiCall *call, const Action *action, GError **error) {
    Id channel_id = action->change.preferred_channel_id;
    return channel_id == 0 || api_call_see(call, VISIBILITY_CHANNEL, channel_id, error);
}

static gboolean read_identities(json_t *list, Action *action, GError **error) {
    size_t at;
    json_t *item;
    if (list == NULL)
        return TRUE;
    if (!json_is_array(list) || json_array_size(list) > IDENTITIES_MAX) {
        error_set(error, ERROR_INVALID, "field_invalid", "identities must be a list of at most %d",
                  IDENTITIES_MAX);
        return FALSE;
    }
    json_array_foreach(list, at, item) {
        json_error_t where;
        if (json_unpack_ex(item, &where, JSON_STRICT, "{s:s, s:s}", "kind",
                           &action->identities[at].kind, "address",
                           &action->identities[at].address) != 0) {
            error_set(error, ERROR_INVALID, "body_invalid", "an identity does not fit: %s",
                      where.text);
            return FALSE;
        }
        if (!field_check_line("address", action->identities[at].address, 1, 254, error))
            return FALSE;
        action->identity_count = at + 1;
    }
    return TRUE;
}

static gboolean decode_change(ApiCall *call, Action *action, GError **error) {
    json_t *language = NULL;
    json_t *company = NULL;
    json_t *channel = NULL;
    return api_call_unpack(call, error, "{s?s, s?o, s?o, s?o, s?o}", "name", &action->change.name,
                           "language", &language, "company_id", &company, "preferred_channel_id",
                           &channel, "fields", &action->change.fields) &&
           read_record(action, language, company, channel, error) &&
           see_channel(call, action, error);
}

static gboolean decode_new(ApiCall *call, Action *action, GError **error) {
    json_t *language = NULL;
    json_t *company = NULL;
    json_t *channel = NULL;
    json_t *identities = NULL;
    return api_call_unpack(call, error, "{s?s, s?o, s?o, s?o, s?o, s?o}", "name",
                           &action->change.name, "language", &language, "company_id", &company,
                           "preferred_channel_id", &channel, "fields", &action->change.fields,
                           "identities", &identities) &&
           read_record(action, language, company, channel, error) &&
           see_channel(call, action, error) && read_identities(identities, action, error);
}

static gboolean decode_other(ApiCall *call, Action *action, GError **error) {
    json_t *from = NULL;
    return api_call_unpack(call, error, "{s:o}", "from", &from) &&
           field_read_id("from", from, FALSE, &action->other, error) &&
           api_call_see(call, VISIBILITY_CUSTOMER, action->other, error);
}

typedef gboolean (*Decode)(ApiCall *call, Action *action, GError **error);

static void act_on(ApiCall *call, Action *action, Decode decode, ApiWrite write) {
    GError *error = NULL;
    if (decode(call, action, &error)) {
        api_call_write(call, write, action, action_free);
        return;
    }
    action_free(action);
    api_call_fail(call, error);
}

static void act(ApiCall *call, Decode decode, ApiWrite write) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "customer", &error);
    if (id == 0) {
        api_call_fail(call, error);
        return;
    }
    Action *action = g_new0(Action, 1);
    action->id = id;
    act_on(call, action, decode, write);
}

static void add(ApiCall *call) {
    act_on(call, g_new0(Action, 1), decode_new, write_new);
}

static void merge(ApiCall *call) {
    act(call, decode_other, write_merge);
}

static void unmerge(ApiCall *call) {
    act(call, decode_other, write_unmerge);
}

static void change(ApiCall *call) {
    act(call, decode_change, write_change);
}

const ApiRoute api_customer_action_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/customers",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = add},
    {.method = "PATCH",
     .pattern = "/api/v1/customers/{customer}",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = change},
    {.method = "POST",
     .pattern = "/api/v1/customers/{customer}/merge",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = merge},
    {.method = "POST",
     .pattern = "/api/v1/customers/{customer}/unmerge",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = unmerge},
    {0},
};
