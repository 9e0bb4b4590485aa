// POST /api/v1/conversations/{conversation}/read and /unread: what the caller has seen. Both may be
// said in any order and any number of times.
#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "desk/view_counter.h"
#include "store/conversation.h"
#include "store/conversation_read.h"

typedef struct {
    Id id;
    Id message_id; // 0: all there is
    gboolean is_read;
} Reading;

static gboolean find(Db *db, Reading *reading, Id *id, GError **error) {
    Conversation conversation;
    gboolean found = FALSE;
    if (!conversation_find(db, reading->id, &conversation, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_NOT_FOUND, "conversation_unknown", "there is no such conversation");
    *id = conversation.id;
    return found;
}

static gboolean write_reading(ApiCall *call, Db *db, gpointer data, GError **error) {
    Reading *reading = data;
    Id me = api_call_principal(call)->agent_id;
    ViewCounter *counter = api_call_parts(call)->views;
    Id id;
    if (!find(db, reading, &id, error) ||
        !(reading->is_read ? conversation_read_set(db, me, id, reading->message_id, error)
                           : conversation_read_unset(db, me, id, error)))
        return FALSE;
    if (counter != NULL)
        view_counter_touch(counter, id);
    api_call_answer_json(call, 200, json_pack("{s:b}", "unread", !reading->is_read));
    return TRUE;
}

static gboolean decode(ApiCall *call, Reading *reading, GError **error) {
    json_t *message = NULL;
    reading->id = api_call_path_id(call, "conversation", error);
    if (reading->id == 0)
        return FALSE;
    if (api_call_principal(call)->agent_id == 0) {
        error_set(error, ERROR_INVALID, "agent_needed",
                  "only an agent reads: use an agent's token");
        return FALSE;
    }
    if (!reading->is_read)
        return api_call_unpack(call, error, "{}");
    return api_call_unpack(call, error, "{s?o}", "message_id", &message) &&
           (message == NULL ||
            field_read_id("message_id", message, TRUE, &reading->message_id, error));
}

static void mark(ApiCall *call, gboolean is_read) {
    GError *error = NULL;
    Reading *reading = g_new0(Reading, 1);
    reading->is_read = is_read;
    if (decode(call, reading, &error)) {
        api_call_write(call, write_reading, reading, g_free);
        return;
    }
    g_free(reading);
    api_call_fail(call, error);
}

static void mark_read(ApiCall *call) {
    mark(call, TRUE);
}

static void mark_unread(ApiCall *call) {
    mark(call, FALSE);
}

const ApiRoute api_reading_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/conversations/{conversation}/read",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = mark_read},
    {.method = "POST",
     .pattern = "/api/v1/conversations/{conversation}/unread",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = mark_unread},
    {0},
};
