// Who takes part in a conversation, and who is to from now on.
#include "desk/participants.h"

#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "desk/outgoing_build.h"
#include "store/conversation.h"

#define CHANGED_AT_ONCE 50

typedef struct {
    Id conversation_id;
    Id agent_id;
    GPtrArray *added; // of Party
    GPtrArray *removed;
} Change;

static void change_free(gpointer data) {
    Change *change = data;
    g_ptr_array_unref(change->added);
    g_ptr_array_unref(change->removed);
    g_free(change);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Change, change_free)

static gboolean answer(ApiCall *call, Db *db, Id id, GError **error) {
    g_autoptr(GPtrArray) parties = participants_list(db, id, error);
    if (parties != NULL)
        api_call_answer_json(call, 200, json_pack("{s:o}", "items", parties_to_json(parties)));
    return parties != NULL;
}

static gboolean find(Db *db, Id id, Conversation *conversation, GError **error) {
    gboolean found;
    if (!conversation_find(db, id, conversation, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_NOT_FOUND, "conversation_unknown", "there is no such conversation");
    return found;
}

static void list_participants(ApiCall *call) {
    GError *error = NULL;
    Conversation conversation;
    Id id = api_call_path_id(call, "conversation", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    if (db == NULL || !find(db, id, &conversation, &error) ||
        !answer(call, db, conversation.id, &error))
        api_call_fail(call, error);
}

static gboolean read_party(const char *name, const json_t *item, GPtrArray *parties,
                           GError **error) {
    const char *address = json_string_value(item), *person = NULL;
    if (json_is_object(item)) {
        address = json_string_value(json_object_get(item, "address"));
        person = json_string_value(json_object_get(item, "name"));
    }
    if (address == NULL) {
        error_set(error, ERROR_INVALID, "field_invalid",
                  "%s must be a list of addresses, or of {address, name}", name);
        return FALSE;
    }
    if (person != NULL && !field_check_line("name", person, 0, 200, error))
        return FALSE;
    g_ptr_array_add(parties, party_new(address, person));
    return TRUE;
}

static gboolean read_list(const char *name, const json_t *list, GPtrArray *parties,
                          GError **error) {
    size_t at;
    const json_t *item;
    if (list != NULL && (!json_is_array(list) || json_array_size(list) > CHANGED_AT_ONCE)) {
        error_set(error, ERROR_INVALID, "field_invalid", "%s must be a list of at most 50", name);
        return FALSE;
    }
    json_array_foreach(list, at, item) {
        if (!read_party(name, item, parties, error))
            return FALSE;
    }
    return TRUE;
}

static Change *decode(ApiCall *call, GError **error) {
    json_t *add = NULL, *remove = NULL;
    g_autoptr(Change) change = g_new0(Change, 1);
    change->added = party_list_new();
    change->removed = party_list_new();
    change->agent_id = api_call_principal(call)->agent_id;
    change->conversation_id = api_call_path_id(call, "conversation", error);
    if (change->conversation_id == 0 ||
        !api_call_unpack(call, error, "{s?o, s?o}", "add", &add, "remove", &remove) ||
        !read_list("add", add, change->added, error) ||
        !read_list("remove", remove, change->removed, error))
        return NULL;
    return g_steal_pointer(&change);
}

static gboolean decide(Db *db, Id id, const GPtrArray *parties, gboolean is_removed, Id agent_id,
                       GError **error) {
    for (guint at = 0; at < parties->len; at++)
        if (!participants_decide(db, id, parties->pdata[at], is_removed, agent_id, error))
            return FALSE;
    return TRUE;
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Change *change = data;
    Conversation conversation;
    return find(db, change->conversation_id, &conversation, error) &&
           decide(db, conversation.id, change->added, FALSE, change->agent_id, error) &&
           decide(db, conversation.id, change->removed, TRUE, change->agent_id, error) &&
           answer(call, db, conversation.id, error);
}

static void change_participants(ApiCall *call) {
    GError *error = NULL;
    Change *change = decode(call, &error);
    if (change != NULL)
        api_call_write(call, write_change, change, change_free);
    else
        api_call_fail(call, error);
}

const ApiRoute api_participant_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/conversations/{conversation}/participants",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = list_participants},
    {.method = "PATCH",
     .pattern = "/api/v1/conversations/{conversation}/participants",
     .permission = PERMISSION_CONVERSATION_CHANGE,
     .handler = change_participants},
    {0},
};
