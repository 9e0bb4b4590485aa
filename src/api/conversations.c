// /api/v1/conversations: one conversation, by its id or its number, and changes.
#include <string.h>

#include "api/conversation_detail.h"
#include "api/conversation_query.h"
#include "api/field.h"
#include "api/resources.h"
#include "base/error.h"
#include "desk/assignment.h"
#include "desk/conversation_change.h"
#include "desk/conversation_inverse.h"

#define TAGS_MAX 50

static void get_conversation(ApiCall *call) {
    GError *error = NULL;
    Id id = api_call_path_id(call, "conversation", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    if (db == NULL || !conversation_detail_answer(call, db, id, 200, &error))
        api_call_fail(call, error);
}

// 0 with an error when nobody has the number, or not for this agent.
static Id find_by_number(ApiCall *call, Db *db, GError **error) {
    Id number = api_call_path_id(call, "number", error);
    Id id = 0;
    if (number == 0 || !db_query_int(db, "SELECT id FROM conversation WHERE number = $1",
                                     DB_VALUES(DB_INT(number)), &id, NULL, error))
        return 0;
    if (id == 0)
        error_set(error, ERROR_NOT_FOUND, "conversation_unknown", "there is no such conversation");
    if (id == 0 || !api_call_see(call, VISIBILITY_CONVERSATION, id, error))
        return 0;
    return id;
}

static void get_by_number(ApiCall *call) {
    GError *error = NULL;
    Db *db = api_call_reader(call, &error);
    Id id = db != NULL ? find_by_number(call, db, &error) : 0;
    if (id == 0 || !conversation_detail_answer(call, db, id, 200, &error))
        api_call_fail(call, error);
}

// A change with the texts that it points to: they live in the call's body until the answer.
typedef struct {
    Id id;
    ConversationChange change;
    const char *add_tags[TAGS_MAX + 1];
    const char *remove_tags[TAGS_MAX + 1];
} Change;

static gboolean read_tags(const char *name, const json_t *list, const char **tags, GError **error) {
    size_t at;
    const json_t *item;
    if (!json_is_array(list) || json_array_size(list) > TAGS_MAX) {
        error_set(error, ERROR_INVALID, "field_invalid", "%s must be a list of at most %d names",
                  name, TAGS_MAX);
        return FALSE;
    }
    json_array_foreach(list, at, item) {
        if (!json_is_string(item)) {
            error_set(error, ERROR_INVALID, "field_invalid", "%s must be a list of names", name);
            return FALSE;
        }
        tags[at] = json_string_value(item);
        if (!field_check_line(name, tags[at], 1, 100, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean read_people(ApiCall *call, const json_t *assignee, const json_t *team,
                            ConversationChange *change, GError **error) {
    change->sets_assignee = assignee != NULL;
    change->sets_team = team != NULL;
    return (assignee == NULL ||
            field_read_id("assignee_id", assignee, TRUE, &change->assignee_id, error)) &&
           (team == NULL || (field_read_id("team_id", team, TRUE, &change->team_id, error) &&
                             api_call_see(call, VISIBILITY_TEAM, change->team_id, error)));
}

// "v7" of If-Match; 0 without.
static gboolean read_version(const ApiCall *call, gint64 *version, GError **error) {
    const char *etag = api_call_header(call, "If-Match");
    guint64 number = 0;
    if (etag == NULL || g_strcmp0(etag, "*") == 0)
        return TRUE;
    gsize length = strlen(etag);
    g_autofree char *digits =
        g_str_has_prefix(etag, "\"v") && length > 3 ? g_strndup(etag + 2, length - 3) : NULL;
    if (digits == NULL || !g_ascii_string_to_unsigned(digits, 10, 1, G_MAXINT64, &number, NULL)) {
        error_set(error, ERROR_PRECONDITION, "version_conflict",
                  "If-Match must bear the ETag of the conversation");
        return FALSE;
    }
    *version = (gint64)number;
    return TRUE;
}

static gboolean decode_change(ApiCall *call, Change *to, GError **error) {
    ConversationChange *change = &to->change;
    json_t *until = NULL;
    json_t *assignee = NULL;
    json_t *team = NULL;
    json_t *priority = NULL;
    json_t *add_tags = NULL;
    json_t *remove_tags = NULL;
    json_t *fields = NULL;
    int no_reply_needed = 0;
    change->snoozed_until = INSTANT_NONE;
    if (!api_call_unpack(call, error, "{s?s, s?o, s?o, s?o, s?o, s?s, s?o, s?o, s?b, s?o}",
                         "status", &change->status, "snoozed_until", &until, "assignee_id",
                         &assignee, "team_id", &team, "priority", &priority, "subject",
                         &change->subject, "add_tags", &add_tags, "remove_tags", &remove_tags,
                         "no_reply_needed", &no_reply_needed, "fields", &fields))
        return FALSE;
    if (fields != NULL && !json_is_object(fields)) {
        error_set(error, ERROR_INVALID, "field_invalid", "fields must be an object of keys");
        return FALSE;
    }
    change->fields = fields;
    change->no_reply_needed = no_reply_needed;
    change->sets_priority = priority != NULL;
    change->priority = json_integer_value(priority);
    change->add_tags = add_tags != NULL ? to->add_tags : NULL;
    change->remove_tags = remove_tags != NULL ? to->remove_tags : NULL;
    if (priority != NULL && !json_is_integer(priority)) {
        error_set(error, ERROR_INVALID, "field_invalid", "priority must be -1, 0, 1 or 2");
        return FALSE;
    }
    return (until == NULL ||
            field_read_instant("snoozed_until", until, &change->snoozed_until, error)) &&
           read_people(call, assignee, team, change, error) &&
           (change->subject == NULL ||
            field_check_line("subject", change->subject, 0, 500, error)) &&
           (add_tags == NULL || read_tags("add_tags", add_tags, to->add_tags, error)) &&
           (remove_tags == NULL || read_tags("remove_tags", remove_tags, to->remove_tags, error)) &&
           read_version(call, &change->if_version, error);
}

static gboolean write_change(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Change *change = data;
    json_t *undo = conversation_inverse(db, change->id, &change->change, error);
    gboolean done = undo != NULL &&
                    conversation_change(db, change->id, &change->change,
                                        api_call_principal(call)->agent_id, error) &&
                    (!change->change.sets_assignee || assignment_check(db, change->id, error));
    json_t *json = done ? conversation_detail_load(call, db, change->id, error) : NULL;
    if (json != NULL) {
        json_object_set(json, "undo", undo);
        api_call_add_version(call, json_integer_value(json_object_get(json, "version")));
        api_call_answer_json(call, 200, json);
    }
    json_decref(undo);
    return json != NULL;
}

static void change_conversation(ApiCall *call) {
    GError *error = NULL;
    Change *change = g_new0(Change, 1);
    change->id = api_call_path_id(call, "conversation", &error);
    if (change->id != 0 && decode_change(call, change, &error)) {
        api_call_write(call, write_change, change, g_free);
        return;
    }
    g_free(change);
    api_call_fail(call, error);
}

const ApiRoute api_conversation_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/conversations/number/{number}",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = get_by_number},
    {.method = "GET",
     .pattern = "/api/v1/conversations/{conversation}",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = get_conversation},
    {.method = "PATCH",
     .pattern = "/api/v1/conversations/{conversation}",
     .permission = PERMISSION_CONVERSATION_CHANGE,
     .handler = change_conversation},
    {0},
};
