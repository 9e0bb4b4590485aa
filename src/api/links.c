// Links of a conversation: to others that have to do with it, and to things elsewhere.
#include "api/field.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "desk/link_change.h"
#include "store/conversation.h"

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"conversation_id", COLUMN_ID},
    {"title", COLUMN_TEXT},
    {"url", COLUMN_TEXT},
    {"agent_id", COLUMN_ID},
    {"created_at", COLUMN_INSTANT},
    {0},
};

// $1 the conversation with what was merged into it, $2 the viewer: a hidden one is not linked.
#define FAMILY                                                                                     \
    "(SELECT id FROM conversation WHERE id = $1 UNION ALL SELECT id FROM conversation WHERE"       \
    " merged_into = $1)"
static const char list_sql[] =
    "SELECT * FROM (SELECT link.id AS id, link.other_id, link.title, link.url, link.agent_id,"
    " link.created_at FROM conversation_link AS link LEFT JOIN conversation AS other ON other.id ="
    " link.other_id WHERE link.conversation_id IN " FAMILY
    " AND (link.other_id IS NULL OR " VISIBLE_CONVERSATION(
        "other", "$2") ")"
                       " UNION ALL SELECT link.id, link.conversation_id, link.title, link.url, "
                       "link.agent_id,"
                       " link.created_at FROM conversation_link AS link JOIN conversation AS other "
                       "ON other.id ="
                       " link.conversation_id WHERE link.other_id IN " FAMILY
                       " AND " VISIBLE_CONVERSATION("other", "$2") ") AS links ORDER BY id";

static gboolean find(Db *db, Id id, Id *kept, GError **error) {
    Conversation conversation;
    gboolean found;
    if (!conversation_find(db, id, &conversation, &found, error))
        return FALSE;
    if (!found)
        error_set(error, ERROR_NOT_FOUND, "conversation_unknown", "there is no such conversation");
    *kept = conversation.id;
    return found;
}

static void list_links(ApiCall *call) {
    GError *error = NULL;
    Id kept = 0;
    Id id = api_call_path_id(call, "conversation", &error);
    Db *db = id != 0 ? api_call_reader(call, &error) : NULL;
    if (db == NULL || !find(db, id, &kept, &error))
        api_call_fail(call, error);
    else
        rows_answer_list(call, columns, list_sql,
                         DB_VALUES(DB_ID(kept), DB_ID(api_call_viewer(call))));
}

// Texts live in the call.
typedef struct {
    Id conversation_id;
    Id other_id;
    Id link_id;
    const char *url;
    const char *title;
} Change;

static gboolean write_link(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Change *change = data;
    Link link = {
        .url = change->url, .title = change->title, .agent_id = api_call_principal(call)->agent_id};
    Id id = 0;
    if (!find(db, change->conversation_id, &link.conversation_id, error) ||
        (change->other_id != 0 && !find(db, change->other_id, &link.other_id, error)) ||
        !link_add(db, &link, &id, error))
        return FALSE;
    json_t *json = rows_load_one(
        db, columns,
        "SELECT id, CASE WHEN conversation_id = $2 THEN other_id ELSE conversation_id END, title,"
        " url, agent_id, created_at FROM conversation_link WHERE id = $1",
        DB_VALUES(DB_ID(id), DB_ID(link.conversation_id)), "link_unknown", error);
    if (json != NULL)
        api_call_answer_json(call, 201, json);
    return json != NULL;
}

static gboolean decode(ApiCall *call, Change *change, GError **error) {
    json_t *other = NULL;
    change->url = change->title = "";
    change->conversation_id = api_call_path_id(call, "conversation", error);
    return change->conversation_id != 0 &&
           api_call_unpack(call, error, "{s?o, s?s, s?s}", "conversation_id", &other, "url",
                           &change->url, "title", &change->title) &&
           field_check_line("url", change->url, 0, 2000, error) &&
           field_check_line("title", change->title, 0, 200, error) &&
           (other == NULL ||
            (field_read_id("conversation_id", other, FALSE, &change->other_id, error) &&
             api_call_see(call, VISIBILITY_CONVERSATION, change->other_id, error)));
}

static void add_link(ApiCall *call) {
    GError *error = NULL;
    Change *change = g_new0(Change, 1);
    if (decode(call, change, &error)) {
        api_call_write(call, write_link, change, g_free);
        return;
    }
    g_free(change);
    api_call_fail(call, error);
}

static gboolean write_removal(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Change *change = data;
    Id kept = 0;
    if (!find(db, change->conversation_id, &kept, error) ||
        !link_remove(db, kept, change->link_id, api_call_principal(call)->agent_id, error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void remove_link(ApiCall *call) {
    GError *error = NULL;
    Change change = {0};
    change.conversation_id = api_call_path_id(call, "conversation", &error);
    change.link_id = change.conversation_id != 0 ? api_call_path_id(call, "link", &error) : 0;
    if (change.link_id == 0)
        api_call_fail(call, error);
    else
        api_call_write(call, write_removal, g_memdup2(&change, sizeof change), g_free);
}

const ApiRoute api_link_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/conversations/{conversation}/links",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = list_links},
    {.method = "POST",
     .pattern = "/api/v1/conversations/{conversation}/links",
     .permission = PERMISSION_CONVERSATION_CHANGE,
     .handler = add_link},
    {.method = "DELETE",
     .pattern = "/api/v1/conversations/{conversation}/links/{link}",
     .permission = PERMISSION_CONVERSATION_CHANGE,
     .handler = remove_link},
    {0},
};
