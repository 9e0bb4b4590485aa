// Internal notes with their mentions; changing and taking back what one wrote: a note, or a reply
// that has not left yet.
#include "api/field.h"
#include "api/resources.h"
#include "api/rows.h"
#include "api/sent_message.h"
#include "base/error.h"
#include "desk/note.h"
#include "desk/outbox_record.h"
#include "desk/schedule.h"

// Texts live in the call.
typedef struct {
    Id id; // of the conversation or the message
    Note note;
    GArray *mentions;
    ScheduleChange schedule;
    gboolean is_schedule;
} Writing;

static void writing_free(gpointer data) {
    Writing *writing = data;
    if (writing->mentions != NULL)
        g_array_unref(writing->mentions);
    g_free(writing);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Writing, writing_free)

static Writing *writing_new(const ApiCall *call) {
    Writing *writing = g_new0(Writing, 1);
    writing->note.agent_id = writing->schedule.agent_id = api_call_principal(call)->agent_id;
    writing->schedule.send_at = INSTANT_NONE;
    return writing;
}

static gboolean refuse(GError **error, const char *name, const char *what) {
    error_set(error, ERROR_INVALID, "field_invalid", "%s %s", name, what);
    return FALSE;
}

static gboolean add_mention(const json_t *item, GArray *mentions, GError **error) {
    const json_t *agent = json_object_get(item, "agent_id"),
                 *team = json_object_get(item, "team_id");
    Mention mention = {0};
    if (json_object_size(item) != 1 || (agent == NULL && team == NULL))
        return refuse(error, "mentions", "must be a list of {agent_id} and {team_id}");
    if (!(agent != NULL ? field_read_id("agent_id", agent, FALSE, &mention.agent_id, error)
                        : field_read_id("team_id", team, FALSE, &mention.team_id, error)))
        return FALSE;
    g_array_append_val(mentions, mention);
    return TRUE;
}

static gboolean read_mentions(const json_t *list, Writing *writing, GError **error) {
    size_t at;
    const json_t *item;
    if (list == NULL)
        return TRUE;
    if (!json_is_array(list) || json_array_size(list) > MENTIONS_MAX)
        return refuse(error, "mentions", "must be a list of at most 50");
    writing->note.mentions = writing->mentions = g_array_new(FALSE, FALSE, sizeof(Mention));
    json_array_foreach(list, at, item) {
        if (!add_mention(item, writing->mentions, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean write_note(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Writing *writing = data;
    Id id;
    return note_add(db, &writing->note, &id, error) &&
           sent_message_answer(call, db, id, 201, error);
}

static Writing *decode_note(ApiCall *call, GError **error) {
    json_t *mentions = NULL;
    g_autoptr(Writing) writing = writing_new(call);
    writing->note.conversation_id = api_call_path_id(call, "conversation", error);
    if (writing->note.conversation_id == 0 ||
        !api_call_unpack(call, error, "{s:s, s?o}", "text", &writing->note.text, "mentions",
                         &mentions) ||
        !read_mentions(mentions, writing, error))
        return NULL;
    return g_steal_pointer(&writing);
}

static void create_note(ApiCall *call) {
    GError *error = NULL;
    Writing *writing = decode_note(call, &error);
    if (writing != NULL)
        api_call_write(call, write_note, writing, writing_free);
    else
        api_call_fail(call, error);
}

// The message of the path: its id, or the client_key that its writer gave it.
static Id find_message(ApiCall *call, Db *db, gboolean *is_note, GError **error) {
    const char *text = api_call_path(call, "message");
    Id id = id_parse(text, NULL);
    gint64 kind = 0;
    gboolean found = FALSE;
    if (id == 0 && !db_query_int(db, "SELECT id FROM message WHERE client_key = $1",
                                 DB_VALUES(DB_TEXT(text)), &id, NULL, error))
        return 0;
    if (!db_query_int(db,
                      "SELECT CASE direction WHEN 'note' THEN 1 WHEN 'out' THEN 2 ELSE 0 END FROM"
                      " message WHERE id = $1",
                      DB_VALUES(DB_ID(id)), &kind, &found, error) ||
        (found && !visibility_check(db, api_call_viewer(call), VISIBILITY_MESSAGE, id, error)))
        return 0;
    if (!found || kind == 0) {
        error_set(error, ERROR_NOT_FOUND, "message_unknown", "there is no such message of ours");
        return 0;
    }
    *is_note = kind == 1;
    return id;
}

// Whoever may only write notes leaves replies alone.
static gboolean check_sending(const ApiCall *call, gboolean is_note, GError **error) {
    if (is_note || principal_may(api_call_principal(call), PERMISSION_MESSAGE_SEND))
        return TRUE;
    error_set(error, ERROR_DENIED, "permission_missing", "this needs the permission message_send");
    return FALSE;
}

static gboolean change_reply(Db *db, Id id, const Writing *writing, GError **error) {
    if (writing->note.text != NULL || writing->mentions != NULL)
        return refuse(error, "text", "of a reply cannot be changed: take it back and send it anew");
    return schedule_change(db, id, &writing->schedule, error);
}

static gboolean change_note(Db *db, Id id, const Writing *writing, GError **error) {
    if (writing->is_schedule)
        return refuse(error, "send_at", "is for replies");
    return note_change(db, id, &writing->note, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Writing *writing = data;
    gboolean is_note = FALSE;
    Id id = find_message(call, db, &is_note, error);
    return id != 0 && check_sending(call, is_note, error) &&
           (is_note ? change_note(db, id, writing, error) : change_reply(db, id, writing, error)) &&
           sent_message_answer(call, db, id, 200, error);
}

static Writing *decode_change(ApiCall *call, GError **error) {
    json_t *mentions = NULL, *send_at = NULL;
    int cancel_on_reply = -1;
    g_autoptr(Writing) writing = writing_new(call);
    if (!api_call_unpack(call, error, "{s?s, s?o, s?o, s?b}", "text", &writing->note.text,
                         "mentions", &mentions, "send_at", &send_at, "cancel_on_reply",
                         &cancel_on_reply) ||
        !read_mentions(mentions, writing, error) ||
        (send_at != NULL &&
         !field_read_instant("send_at", send_at, &writing->schedule.send_at, error)))
        return NULL;
    writing->is_schedule = send_at != NULL || cancel_on_reply >= 0;
    writing->schedule.sets_cancel = cancel_on_reply >= 0;
    writing->schedule.cancel_on_reply = cancel_on_reply > 0;
    return g_steal_pointer(&writing);
}

static void change_message(ApiCall *call) {
    GError *error = NULL;
    Writing *writing = decode_change(call, &error);
    if (writing != NULL)
        api_call_write(call, write_change, writing, writing_free);
    else
        api_call_fail(call, error);
}

// In the words of this route.
static gboolean cancel_reply(Db *db, Id id, GError **error) {
    GError *failure = NULL;
    if (outbox_cancel(db, id, &failure))
        return TRUE;
    if (error_kind(failure) == ERROR_CONFLICT) {
        g_clear_error(&failure);
        error_set(error, ERROR_CONFLICT, "already_sent",
                  "it is too late: the message is on its way or settled");
        return FALSE;
    }
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean write_removal(ApiCall *call, Db *db, gpointer data, GError **error) {
    Writing *writing = data;
    gboolean is_note = FALSE;
    Id id = find_message(call, db, &is_note, error);
    return id != 0 && check_sending(call, is_note, error) &&
           (is_note ? note_remove(db, id, writing->note.agent_id, error)
                    : cancel_reply(db, id, error)) &&
           sent_message_answer(call, db, id, 200, error);
}

static void remove_message(ApiCall *call) {
    api_call_write(call, write_removal, writing_new(call), writing_free);
}

static const RowsColumn version_columns[] = {
    {"number", COLUMN_INT},
    {"text", COLUMN_TEXT},
    {"agent_id", COLUMN_ID},
    {"replaced_at", COLUMN_INSTANT},
    {0},
};

static void list_versions(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "message", &error);
    if (id == 0)
        api_call_fail(call, error);
    else
        rows_answer_list(call, version_columns,
                         "SELECT number, text, agent_id, replaced_at FROM note_version"
                         " WHERE message_id = $1 ORDER BY number",
                         DB_VALUES(DB_ID(id)));
}

const ApiRoute api_note_routes[] = {
    {.method = "POST",
     .pattern = "/api/v1/conversations/{conversation}/notes",
     .permission = PERMISSION_NOTE_WRITE,
     .handler = create_note},
    {.method = "PATCH",
     .pattern = "/api/v1/messages/{message}",
     .permission = PERMISSION_NOTE_WRITE,
     .handler = change_message},
    {.method = "DELETE",
     .pattern = "/api/v1/messages/{message}",
     .permission = PERMISSION_NOTE_WRITE,
     .handler = remove_message},
    {.method = "GET",
     .pattern = "/api/v1/messages/{message}/versions",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = list_versions},
    {0},
};
