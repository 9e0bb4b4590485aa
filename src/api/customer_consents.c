// /api/v1/customers/{customer}/consents: what a customer has agreed to, and the history of it.
#include <string.h>

#include "api/customer_load.h"
#include "api/field.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "desk/customer_note.h"

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"purpose", COLUMN_TEXT},
    {"state", COLUMN_TEXT},
    {"occurred_at", COLUMN_INSTANT},
    {"source", COLUMN_TEXT},
    {"agent_id", COLUMN_ID},
    {"recorded_at", COLUMN_INSTANT},
    {0},
};

static void list_consents(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "customer", &error);
    if (id == 0) {
        api_call_fail(call, error);
        return;
    }
    rows_answer_list(
        call, columns,
        "SELECT id, purpose, state, occurred_at, source, agent_id, recorded_at FROM"
        " customer_consent WHERE customer_id IN (SELECT id FROM customer WHERE root_id = (SELECT"
        " root_id FROM customer WHERE id = $1)) ORDER BY occurred_at DESC, id DESC LIMIT 1000",
        DB_VALUES(DB_ID(id)));
}

typedef struct {
    Id customer_id;
    CustomerConsent consent; // texts borrowed from the body
} Action;

static gboolean write_add(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return customer_match(call, db, action->customer_id, error) &&
           customer_consent_add(db, action->customer_id, &action->consent, customer_actor(call),
                                error) &&
           customer_answer(call, db, action->customer_id, 201, error);
}

static gboolean check_state(const char *state, CustomerConsent *consent, GError **error) {
    consent->is_given = strcmp(state, "given") == 0;
    if (consent->is_given || strcmp(state, "withdrawn") == 0)
        return TRUE;
    error_set(error, ERROR_INVALID, "field_invalid", "state must be given or withdrawn");
    return FALSE;
}

static gboolean check_instant(const json_t *value, CustomerConsent *consent, GError **error) {
    Instant now = clock_now();
    consent->occurred_at = now;
    if (value != NULL && !field_read_instant("occurred_at", value, &consent->occurred_at, error))
        return FALSE;
    if (consent->occurred_at >= 0 && consent->occurred_at <= now)
        return TRUE;
    error_set(error, ERROR_INVALID, "field_invalid", "occurred_at must not be in the future");
    return FALSE;
}

static gboolean decode(ApiCall *call, Action *action, GError **error) {
    CustomerConsent *consent = &action->consent;
    const char *state = NULL;
    const json_t *occurred_at = NULL;
    consent->source = "";
    return api_call_unpack(call, error, "{s:s, s:s, s?o, s?s}", "purpose", &consent->purpose,
                           "state", &state, "occurred_at", &occurred_at, "source",
                           &consent->source) &&
           field_check_line("purpose", consent->purpose, 1, 50, error) &&
           field_check_line("source", consent->source, 0, 500, error) &&
           check_state(state, consent, error) && check_instant(occurred_at, consent, error);
}

static void add_consent(ApiCall *call) {
    GError *error = NULL;
    Action *action = g_new0(Action, 1);
    action->customer_id = api_call_path_id(call, "customer", &error);
    if (action->customer_id != 0 && decode(call, action, &error)) {
        api_call_write(call, write_add, action, g_free);
        return;
    }
    g_free(action);
    api_call_fail(call, error);
}

const ApiRoute api_customer_consent_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/customers/{customer}/consents",
     .permission = PERMISSION_CUSTOMER_READ,
     .handler = list_consents},
    {.method = "POST",
     .pattern = "/api/v1/customers/{customer}/consents",
     .permission = PERMISSION_CUSTOMER_CHANGE,
     .handler = add_consent},
    {0},
};
