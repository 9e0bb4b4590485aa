#include "api/conversation_detail.h"

#include "api/conversation_query.h"
#include "api/draft_json.h"
#include "store/custom_field.h"

// Takes value; FALSE when there is none.
static gboolean set(json_t *json, const char *member, json_t *value) {
    return value != NULL && json_object_set_new(json, member, value) == 0;
}

json_t *conversation_detail_load(ApiCall *call, Db *db, Id id, GError **error) {
    json_t *json = conversation_query_load_for(db, id, api_call_principal(call)->agent_id, error);
    if (json == NULL)
        return NULL;
    Id kept = id_parse(json_string_value(json_object_get(json, "id")), NULL);
    if (set(json, "fields", conversation_field_load(db, kept, error)) &&
        set(json, "drafts",
            draft_json_of_conversation(db, kept, api_call_principal(call)->agent_id, error)))
        return json;
    json_decref(json);
    return NULL;
}

gboolean conversation_detail_answer(ApiCall *call, Db *db, Id id, unsigned status, GError **error) {
    json_t *json = conversation_detail_load(call, db, id, error);
    if (json == NULL)
        return FALSE;
    api_call_add_version(call, json_integer_value(json_object_get(json, "version")));
    api_call_answer_json(call, status, json);
    return TRUE;
}
