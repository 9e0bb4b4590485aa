// What joins, divides and moves conversations, and its undoing.
#include "api/conversation_detail.h"
#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "desk/conversation_merge.h"

#define MESSAGES_MAX 200

// The conversation of the path and the thing in the body.
typedef struct {
    Id id;
    Id other; // conversation or channel
    GArray *messages;
} Action;

static void action_free(gpointer data) {
    Action *action = data;
    if (action->messages != NULL)
        g_array_unref(action->messages);
    g_free(action);
}

static Id agent_of(const ApiCall *call) {
    return api_call_principal(call)->agent_id;
}

static gboolean write_merge(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return conversation_merge(db, action->id, action->other, agent_of(call), error) &&
           conversation_detail_answer(call, db, action->id, 200, error);
}

static gboolean write_unmerge(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return conversation_unmerge(db, action->other, agent_of(call), error) &&
           conversation_detail_answer(call, db, action->other, 200, error);
}

static gboolean write_split(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    Id to = 0;
    return conversation_split(db, action->id, (const Id *)(void *)action->messages->data,
                              action->messages->len, agent_of(call), &to, error) &&
           conversation_detail_answer(call, db, to, 201, error);
}

static gboolean write_unsplit(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return conversation_unsplit(db, action->id, action->other, agent_of(call), error) &&
           conversation_detail_answer(call, db, action->id, 200, error);
}

static gboolean write_move(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return conversation_move(db, action->id, action->other, agent_of(call), error) &&
           conversation_detail_answer(call, db, action->id, 200, error);
}

// A body of one member that names a row.
static void act_on_other(ApiCall *call, const char *member, VisibilityObject object,
                         ApiWrite write) {
    GError *error = NULL;
    json_t *other = NULL;
    Action *action = g_new0(Action, 1);
    action->id = api_call_path_id(call, "conversation", &error);
    if (action->id != 0 && api_call_unpack(call, &error, "{s:o}", member, &other) &&
        field_read_id(member, other, FALSE, &action->other, &error) &&
        api_call_see(call, object, action->other, &error)) {
        api_call_write(call, write, action, action_free);
        return;
    }
    action_free(action);
    api_call_fail(call, error);
}

static void merge(ApiCall *call) {
    act_on_other(call, "from", VISIBILITY_CONVERSATION, write_merge);
}

static void unmerge(ApiCall *call) {
    act_on_other(call, "from", VISIBILITY_CONVERSATION, write_unmerge);
}

static void unsplit(ApiCall *call) {
    act_on_other(call, "to", VISIBILITY_CONVERSATION, write_unsplit);
}

static void move(ApiCall *call) {
    act_on_other(call, "channel_id", VISIBILITY_CHANNEL, write_move);
}

static gboolean write_unmove(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Action *action = data;
    return conversation_unmove(db, action->id, agent_of(call), error) &&
           conversation_detail_answer(call, db, action->id, 200, error);
}

static void unmove(ApiCall *call) {
    GError *error = NULL;
    Action *action = g_new0(Action, 1);
    action->id = api_call_path_id(call, "conversation", &error);
    if (action->id != 0) {
        api_call_write(call, write_unmove, action, action_free);
        return;
    }
    action_free(action);
    api_call_fail(call, error);
}

static void split(ApiCall *call) {
    GError *error = NULL;
    json_t *messages = NULL;
    Action *action = g_new0(Action, 1);
    action->id = api_call_path_id(call, "conversation", &error);
    if (action->id != 0 && api_call_unpack(call, &error, "{s:o}", "messages", &messages))
        action->messages = field_read_ids("messages", messages, MESSAGES_MAX, &error);
    if (action->messages != NULL) {
        api_call_write(call, write_split, action, action_free);
        return;
    }
    action_free(action);
    api_call_fail(call, error);
}

#define ROUTE(action)                                                                              \
    {                                                                                              \
        .method = "POST", .pattern = "/api/v1/conversations/{conversation}/" #action,              \
        .permission = PERMISSION_CONVERSATION_CHANGE, .handler = action                            \
    }

const ApiRoute api_conversation_action_routes[] = {
    ROUTE(merge), ROUTE(unmerge), ROUTE(split), ROUTE(unsplit), ROUTE(move), ROUTE(unmove), {0},
};
