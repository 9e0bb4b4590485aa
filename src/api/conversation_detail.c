#include "api/conversation_detail.h"

#include "api/conversation_query.h"
#include "api/draft_json.h"
#include "api/presence.h"
#include "store/custom_field.h"

// Takes value; FALSE when there is none.
static gboolean set(json_t *json, const char *member, json_t *value) {
    return value != NULL && json_object_set_new(json, member, value) == 0;
}

// Ids of the agents who follow it.
static json_t *followers_load(Db *db, Id id, GError **error) {
    GError *failure = NULL;
    char text[ID_TEXT_SIZE];
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT agent_id FROM follower WHERE conversation_id = $1"
                                      " AND is_following = 1 ORDER BY agent_id",
                                      DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return NULL;
    json_t *followers = json_array();
    while (db_rows_next(rows, &failure))
        json_array_append_new(followers, json_string(id_format(db_rows_id(rows, 0), text)));
    if (failure == NULL)
        return followers;
    json_decref(followers);
    g_propagate_error(error, failure);
    return NULL;
}

json_t *conversation_detail_load(ApiCall *call, Db *db, Id id, GError **error) {
    json_t *json = conversation_query_load_for(db, id, api_call_principal(call)->agent_id, error);
    if (json == NULL)
        return NULL;
    Id kept = id_parse(json_string_value(json_object_get(json, "id")), NULL);
    if (set(json, "fields", conversation_field_load(db, kept, error)) &&
        set(json, "presence", presence_json(call, kept)) &&
        set(json, "followers", followers_load(db, kept, error)) &&
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
