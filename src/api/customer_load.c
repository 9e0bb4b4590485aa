#include "api/customer_load.h"

#include "api/rows.h"
#include "base/error.h"
#include "desk/customer_field.h"

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"version", COLUMN_INT},
    {"name", COLUMN_TEXT},
    {"language", COLUMN_TEXT},
    {"company_id", COLUMN_ID},
    {"company_name", COLUMN_TEXT},
    {"preferred_channel_id", COLUMN_ID},
    {"is_held", COLUMN_BOOL},
    {"created_at", COLUMN_INSTANT},
    {"address", COLUMN_TEXT},
    {0},
};

static const char select_customer[] =
    "SELECT customer.id, customer.version, customer.name, language, company_id, company.name,"
    " preferred_channel_id, customer.is_held, customer.created_at, (SELECT address FROM identity"
    " JOIN customer AS part ON part.id = identity.customer_id WHERE part.root_id = customer.id"
    " ORDER BY identity.id LIMIT 1) FROM customer LEFT JOIN company ON company.id = company_id"
    " WHERE customer.id = (SELECT root_id FROM customer WHERE id = $1) AND customer.erased_at IS"
    " NULL";

static const RowsColumn identity_columns[] = {
    {"id", COLUMN_ID},
    {"kind", COLUMN_TEXT},
    {"address", COLUMN_TEXT},
    {"name", COLUMN_TEXT},
    {"blocked_at", COLUMN_INSTANT},
    {"created_at", COLUMN_INSTANT},
    {"customer_id", COLUMN_ID},
    {0},
};

static const char select_identities[] =
    "SELECT identity.id, kind, address, identity.name, blocked_at, identity.created_at,"
    " customer_id FROM identity JOIN customer ON customer.id = identity.customer_id WHERE"
    " customer.root_id = (SELECT root_id FROM customer WHERE id = $1) ORDER BY identity.id";

static const RowsColumn consent_columns[] = {
    {"id", COLUMN_ID},
    {"purpose", COLUMN_TEXT},
    {"state", COLUMN_TEXT},
    {"occurred_at", COLUMN_INSTANT},
    {"source", COLUMN_TEXT},
    {"agent_id", COLUMN_ID},
    {0},
};

// The newest word of each purpose.
static const char select_consents[] =
    "SELECT id, purpose, state, occurred_at, source, agent_id FROM (SELECT consent.*, row_number()"
    " OVER (PARTITION BY purpose ORDER BY occurred_at DESC, consent.id DESC) AS place FROM"
    " customer_consent AS consent JOIN customer ON customer.id = consent.customer_id WHERE"
    " customer.root_id = (SELECT root_id FROM customer WHERE id = $1)) AS ordered WHERE place = 1"
    " ORDER BY purpose";

static gboolean add_list(json_t *json, const char *name, Db *db, const char *sql, Id id,
                         const RowsColumn *list_columns, GError **error) {
    GError *problem = NULL;
    g_auto(JsonText) text;
    json_text_init(&text);
    g_autoptr(DbRows) rows = db_query(db, sql, DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return FALSE;
    json_text_begin_array(&text, NULL);
    while (db_rows_next(rows, &problem)) {
        json_text_begin_object(&text, NULL);
        rows_write_members(&text, rows, list_columns);
        json_text_end_object(&text);
    }
    json_text_end_array(&text);
    json_object_set_new(json, name, json_loadb(text.out->str, text.out->len, 0, NULL));
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static gboolean add_fields(json_t *json, Db *db, GError **error) {
    Id root_id = id_parse(json_string_value(json_object_get(json, "id")), NULL);
    json_t *fields = customer_field_load(db, root_id, error);
    return fields != NULL && json_object_set_new(json, "fields", fields) == 0;
}

json_t *customer_load(Db *db, Id id, GError **error) {
    json_t *json = rows_load_one(db, columns, select_customer, DB_VALUES(DB_ID(id)),
                                 "customer_unknown", error);
    if (json == NULL)
        return NULL;
    if (add_list(json, "identities", db, select_identities, id, identity_columns, error) &&
        add_list(json, "consents", db, select_consents, id, consent_columns, error) &&
        add_fields(json, db, error))
        return json;
    json_decref(json);
    return NULL;
}

gboolean customer_answer(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    json_t *json = customer_load(db, id, error);
    if (json == NULL)
        return FALSE;
    api_call_add_version(call, json_integer_value(json_object_get(json, "version")));
    api_call_answer_json(call, status, json);
    return TRUE;
}

gboolean customer_match(const ApiCall *call, Db *db, Id id, GError **error) {
    gint64 version = 0;
    gboolean found;
    if (!db_query_int(db,
                      "SELECT version FROM customer WHERE id = (SELECT root_id FROM customer WHERE"
                      " id = $1) AND erased_at IS NULL",
                      DB_VALUES(DB_ID(id)), &version, &found, error))
        return FALSE;
    if (found)
        return api_call_match_version(call, version, error);
    error_set(error, ERROR_NOT_FOUND, "customer_unknown", "there is no such customer");
    return FALSE;
}

CustomerActor customer_actor(const ApiCall *call) {
    CustomerActor who;
    who.actor = api_call_actor(call, &who.actor_id);
    return who;
}
