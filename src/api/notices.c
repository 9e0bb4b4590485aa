// /api/v1/notices: what the caller should hear of; and who follows a conversation.
#include "api/field.h"
#include "api/page.h"
#include "api/resources.h"
#include "api/rows.h"
#include "base/error.h"
#include "desk/notice.h"
#include "desk/record.h"
#include "store/agent.h"
#include "store/conversation.h"

#define READ_AT_ONCE 200
#define COUNTED_MAX 1000

static const RowsColumn columns[] = {
    {"id", COLUMN_ID},
    {"kind", COLUMN_TEXT},
    {"conversation_id", COLUMN_ID},
    {"message_id", COLUMN_ID},
    {"actor", COLUMN_TEXT},
    {"actor_id", COLUMN_ID},
    {"created_at", COLUMN_INSTANT},
    {"read_at", COLUMN_INSTANT},
    {0},
};

// What was hidden since is not shown. $1 the agent, $2 the viewer.
#define OWN                                                                                        \
    " FROM notice JOIN conversation ON conversation.id = notice.conversation_id"                   \
    " WHERE notice.agent_id = $1 AND " VISIBLE_CONVERSATION("conversation", "$2")
#define SELECT                                                                                     \
    "SELECT notice.id, notice.kind, notice.conversation_id, notice.message_id, notice.actor,"      \
    " notice.actor_id, notice.created_at, notice.read_at" OWN " AND notice.id < $3 "

static gboolean write_items(JsonText *text, DbRows *rows, const Page *page, GError **error) {
    GError *failure = NULL;
    g_autofree char *next = NULL;
    gint64 count = 0;
    json_text_begin_array(text, "items");
    while (db_rows_next(rows, &failure)) {
        if (count++ == page->limit)
            break;
        json_text_begin_object(text, NULL);
        rows_write_members(text, rows, columns);
        json_text_end_object(text);
        g_free(next);
        next = page_cursor(db_rows_id(rows, 0), db_rows_id(rows, 0));
    }
    json_text_end_array(text);
    json_text_add_text(text, "next", count > page->limit ? next : NULL);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

static gboolean write_page(ApiCall *call, Db *db, const Page *page, gboolean is_unread,
                           JsonText *text, GError **error) {
    gint64 unread = 0;
    DbValue me = DB_ID(api_call_principal(call)->agent_id), viewer = DB_ID(api_call_viewer(call));
    DbValue before = DB_INT(page->has_cursor ? page->id : G_MAXINT64);
    g_autoptr(DbRows) rows =
        db_query(db,
                 is_unread ? SELECT "AND notice.read_at IS NULL ORDER BY notice.id DESC LIMIT $4"
                           : SELECT "ORDER BY notice.id DESC LIMIT $4",
                 DB_VALUES(me, viewer, before, DB_INT(page->limit + 1)), error);
    json_text_begin_object(text, NULL);
    if (rows == NULL || !write_items(text, rows, page, error) ||
        !db_query_int(db,
                      "SELECT count(*) FROM (SELECT 1" OWN
                      " AND notice.read_at IS NULL LIMIT $3) AS some",
                      DB_VALUES(me, viewer, DB_INT(COUNTED_MAX)), &unread, NULL, error))
        return FALSE;
    json_text_add_int(text, "unread", unread);
    json_text_end_object(text);
    return TRUE;
}

static void list_notices(ApiCall *call) {
    GError *error = NULL;
    Page page;
    gboolean is_unread = g_strcmp0(api_call_query(call, "unread"), "true") == 0;
    g_auto(JsonText) text;
    json_text_init(&text);
    Db *db = page_read(call, 50, 200, &page, &error) ? api_call_reader(call, &error) : NULL;
    if (db != NULL && write_page(call, db, &page, is_unread, &text, &error))
        api_call_answer_bytes(call, 200, "application/json", json_text_take(&text));
    else
        api_call_fail(call, error);
}

typedef struct {
    GArray *ids;
    Id until; // all up to it; 0: the ids
} Reading;

static void reading_free(gpointer data) {
    Reading *reading = data;
    if (reading->ids != NULL)
        g_array_unref(reading->ids);
    g_free(reading);
}

static gboolean mark(Db *db, Id agent_id, Id from, Id to, GError **error) {
    return db_run(db,
                  "UPDATE notice SET read_at = $4 WHERE agent_id = $1 AND id >= $2 AND id <= $3"
                  " AND read_at IS NULL",
                  DB_VALUES(DB_ID(agent_id), DB_INT(from), DB_INT(to), DB_INSTANT(clock_now())),
                  error);
}

static gboolean write_reading(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Reading *reading = data;
    Id agent_id = api_call_principal(call)->agent_id;
    if (reading->until != 0 && !mark(db, agent_id, 0, reading->until, error))
        return FALSE;
    for (guint at = 0; reading->ids != NULL && at < reading->ids->len; at++) {
        Id id = g_array_index(reading->ids, Id, at);
        if (!mark(db, agent_id, id, id, error))
            return FALSE;
    }
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void read_notices(ApiCall *call) {
    GError *error = NULL;
    json_t *ids = NULL, *until = NULL;
    Reading *reading = g_new0(Reading, 1);
    if (api_call_unpack(call, &error, "{s?o, s?o}", "ids", &ids, "until", &until) &&
        (until == NULL || field_read_id("until", until, FALSE, &reading->until, &error)) &&
        (ids == NULL ||
         (reading->ids = field_read_ids("ids", ids, READ_AT_ONCE, &error)) != NULL)) {
        api_call_write(call, write_reading, reading, reading_free);
        return;
    }
    reading_free(reading);
    api_call_fail(call, error);
}

typedef struct {
    Id conversation_id;
    Id agent_id;
    gboolean is_following;
} Following;

// Another one must see it; who does not is as good as not there.
static gboolean check_follower(ApiCall *call, Db *db, const Following *following, GError **error) {
    g_autoptr(Agent) agent = agent_get(db, following->agent_id, error);
    if (agent == NULL)
        return FALSE;
    if (following->agent_id == api_call_principal(call)->agent_id)
        return TRUE;
    if (!principal_may(api_call_principal(call), PERMISSION_CONVERSATION_CHANGE)) {
        error_set(error, ERROR_DENIED, "follower_not_yours",
                  "to let others follow needs the permission conversation_change");
        return FALSE;
    }
    if (visibility_check(db, following->agent_id, VISIBILITY_CONVERSATION,
                         following->conversation_id, NULL))
        return TRUE;
    error_set(error, ERROR_NOT_FOUND, "agent_unknown", "there is no such agent");
    return FALSE;
}

static gboolean write_following(ApiCall *call, Db *db, gpointer data, GError **error) {
    const Following *following = data;
    Conversation conversation;
    gboolean found;
    Id actor_id;
    Actor actor = api_call_actor(call, &actor_id);
    if (!conversation_find(db, following->conversation_id, &conversation, &found, error) ||
        !check_follower(call, db, following, error) ||
        !notice_follow(db, conversation.id, following->agent_id, following->is_following, error) ||
        !record_happening(db, EVENT_FOLLOWED, conversation.id, actor, actor_id,
                          json_pack("{s:I, s:b}", "agent", (json_int_t)following->agent_id,
                                    "following", following->is_following),
                          error))
        return FALSE;
    api_call_answer_empty(call, 204);
    return TRUE;
}

static void set_following(ApiCall *call, gboolean is_following) {
    GError *error = NULL;
    Following following = {.is_following = is_following};
    following.conversation_id = api_call_path_id(call, "conversation", &error);
    following.agent_id =
        following.conversation_id != 0 ? api_call_path_id(call, "agent", &error) : 0;
    if (following.agent_id == 0)
        api_call_fail(call, error);
    else
        api_call_write(call, write_following, g_memdup2(&following, sizeof following), g_free);
}

static void add_follower(ApiCall *call) {
    set_following(call, TRUE);
}

static void remove_follower(ApiCall *call) {
    set_following(call, FALSE);
}

const ApiRoute api_notice_routes[] = {
    {.method = "GET",
     .pattern = "/api/v1/notices",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = list_notices,
     .query = PAGE_QUERY " unread"},
    {.method = "POST",
     .pattern = "/api/v1/notices/read",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = read_notices},
    {.method = "PUT",
     .pattern = "/api/v1/conversations/{conversation}/followers/{agent}",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = add_follower},
    {.method = "DELETE",
     .pattern = "/api/v1/conversations/{conversation}/followers/{agent}",
     .permission = PERMISSION_CONVERSATION_READ,
     .handler = remove_follower},
    {0},
};
