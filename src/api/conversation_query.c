#include "api/conversation_query.h"

#include "api/page.h"
#include "base/error.h"
#include "model/sla_clock.h"
#include "store/conversation.h"
#include "store/conversation_read.h"
#include "store/visibility.h"

// Left joins keep the conversation first, whatever a planner thinks. Tag names have no newline.
// $1 is the agent who asks.
#define COLUMNS                                                                                    \
    "c.id, c.version, c.channel_id, c.status, c.snoozed_until, c.subject, c.preview, "             \
    "c.assignee_id, c.team_id, c.priority, c.created_at, c.last_message_at, c.waiting_since, "     \
    "c.message_count, c.related_to, root.id, root.name, identity.address, "                        \
    "(SELECT GROUP_CONCAT(tag.name, CHAR(10)) FROM conversation_tag JOIN tag ON tag.id = "         \
    "conversation_tag.tag_id WHERE conversation_tag.conversation_id = c.id), "                     \
    "c.number, " CONVERSATION_UNREAD("$1") ", "                                                    \
                                           "(SELECT draft.agent_id FROM draft WHERE "              \
                                           "draft.conversation_id = c.id AND draft.message_id "    \
                                           "IS NULL ORDER BY draft.updated_at DESC LIMIT 1), "     \
                                           "c.sla_target, c.sla_due_at, c.sla_warn_at"
#define COLUMN_COUNT 25
#define JOINS                                                                                      \
    "LEFT JOIN customer ON customer.id = c.customer_id LEFT JOIN customer AS root ON root.id = "   \
    "customer.root_id LEFT JOIN identity ON identity.id = c.identity_id"
#define SELECT "SELECT " COLUMNS " FROM conversation c " JOINS

static void write_tags(JsonText *text, const char *names) {
    json_text_begin_array(text, "tags");
    g_auto(GStrv) tags = g_strsplit(names != NULL ? names : "", "\n", -1);
    for (guint at = 0; tags[at] != NULL; at++)
        json_text_add_text(text, NULL, tags[at]);
    json_text_end_array(text);
}

// The target that is due first, of what goes on; null: none.
static void write_sla(JsonText *text, DbRows *rows) {
    Instant due_at = db_rows_instant(rows, 23);
    Instant warn_at = db_rows_instant(rows, 24);
    if (due_at == INSTANT_NONE) {
        json_text_add_null(text, "sla");
        return;
    }
    json_text_begin_object(text, "sla");
    json_text_add_text(text, "target", db_rows_text(rows, 22));
    json_text_add_instant(text, "due_at", due_at);
    json_text_add_instant(text, "warn_at", warn_at);
    json_text_add_text(text, "state", sla_state_name(sla_state_at(warn_at, due_at, clock_now())));
    json_text_end_object(text);
}

static void write_row(JsonText *text, DbRows *rows, gboolean has_me) {
    json_text_add_id(text, "id", db_rows_id(rows, 0));
    json_text_add_int(text, "number", db_rows_int(rows, 19));
    json_text_add_int(text, "version", db_rows_int(rows, 1));
    json_text_add_id(text, "channel_id", db_rows_id(rows, 2));
    json_text_add_text(text, "status", db_rows_text(rows, 3));
    json_text_add_instant(text, "snoozed_until", db_rows_instant(rows, 4));
    json_text_add_text(text, "subject", db_rows_text(rows, 5));
    json_text_add_text(text, "preview", db_rows_text(rows, 6));
    json_text_add_id(text, "assignee_id", db_rows_id(rows, 7));
    json_text_add_id(text, "team_id", db_rows_id(rows, 8));
    json_text_add_int(text, "priority", db_rows_int(rows, 9));
    json_text_add_instant(text, "created_at", db_rows_instant(rows, 10));
    json_text_add_instant(text, "last_message_at", db_rows_instant(rows, 11));
    json_text_add_instant(text, "waiting_since", db_rows_instant(rows, 12));
    json_text_add_int(text, "message_count", db_rows_int(rows, 13));
    json_text_add_id(text, "related_to", db_rows_id(rows, 14));
    json_text_begin_object(text, "customer");
    json_text_add_id(text, "id", db_rows_id(rows, 15));
    json_text_add_text(text, "name", db_rows_text(rows, 16));
    json_text_add_text(text, "address", db_rows_text(rows, 17));
    json_text_end_object(text);
    write_tags(text, db_rows_text(rows, 18));
    json_text_add_id(text, "draft", db_rows_id(rows, 21));
    write_sla(text, rows);
    if (has_me)
        json_text_add_bool(text, "unread", db_rows_int(rows, 20) != 0);
}

static char *write_object(DbRows *rows, gboolean has_me) {
    g_auto(JsonText) text;
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    write_row(&text, rows, has_me);
    json_text_end_object(&text);
    return g_strndup(text.out->str, text.out->len);
}

// The rows of a page in the order of the list, with the cursors of its ends.
typedef struct {
    GPtrArray *objects; // of char *
    char *first;
    char *last;
    gboolean has_more; // beyond the end towards which it was read
} PageRows;

static void page_rows_clear(PageRows *page) {
    g_ptr_array_unref(page->objects);
    g_free(page->first);
    g_free(page->last);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PageRows, page_rows_clear)

static void page_take(PageRows *page, DbRows *rows, const ConversationList *list) {
    g_autofree char *cursor =
        page_cursor(db_rows_int(rows, COLUMN_COUNT), db_rows_id(rows, COLUMN_COUNT + 1));
    char *object = write_object(rows, list->me != 0);
    if (page->first == NULL || list->is_backward) {
        g_free(page->first);
        page->first = g_strdup(cursor);
    }
    if (page->last == NULL || !list->is_backward) {
        g_free(page->last);
        page->last = g_strdup(cursor);
    }
    g_ptr_array_insert(page->objects, list->is_backward ? 0 : -1, object);
}

static gboolean page_read_rows(DbRows *rows, const ConversationList *list, PageRows *page,
                               GError **error) {
    g_autoptr(GError) failure = NULL;
    while (db_rows_next(rows, &failure)) {
        page->has_more = page->objects->len >= list->limit;
        if (page->has_more)
            break;
        page_take(page, rows, list);
    }
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static void page_write(const PageRows *page, const ConversationList *list, JsonText *text) {
    gboolean has_next = list->is_backward ? list->has_place : page->has_more;
    gboolean has_previous = list->is_backward ? page->has_more : list->has_place;
    json_text_begin_array(text, "items");
    for (guint at = 0; at < page->objects->len; at++)
        json_text_add_raw(text, NULL, page->objects->pdata[at]);
    json_text_end_array(text);
    json_text_add_text(text, "next", has_next ? page->last : NULL);
    json_text_add_text(text, "prev", has_previous ? page->first : NULL);
}

gboolean conversation_query_write(Db *db, const ConversationList *list, JsonText *text,
                                  GError **error) {
    g_auto(PageRows) page = {.objects = g_ptr_array_new_with_free_func(g_free)};
    g_autoptr(DbRows) rows = conversation_list_query(db, list, COLUMNS, JOINS, error);
    if (rows == NULL || !page_read_rows(rows, list, &page, error))
        return FALSE;
    page_write(&page, list, text);
    return TRUE;
}

static gboolean write_one(Db *db, Id id, Id me, Id viewer, JsonText *text, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows = db_query(
        db,
        SELECT " WHERE c.id = $2 AND c.merged_into IS NULL AND ($3 = 0 OR " VISIBLE_CONVERSATION(
            "c", "$3") ")",
        DB_VALUES(DB_INT(me), DB_ID(id), DB_INT(viewer)), error);
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows, &failure)) {
        g_autofree char *object = write_object(rows, me != 0);
        json_text_add_raw(text, NULL, object);
    }
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean conversation_query_write_ids(Db *db, const GArray *ids, Id me, Id viewer, JsonText *text,
                                      GError **error) {
    json_text_begin_array(text, "items");
    for (guint at = 0; at < ids->len; at++)
        if (!write_one(db, g_array_index(ids, Id, at), me, viewer, text, error))
            return FALSE;
    json_text_end_array(text);
    json_text_add_null(text, "next");
    json_text_add_null(text, "prev");
    return TRUE;
}

json_t *conversation_query_load_for(Db *db, Id id, Id me, GError **error) {
    GError *problem = NULL;
    Conversation conversation;
    gboolean found = FALSE;
    if (!conversation_find(db, id, &conversation, &found, error))
        return NULL;
    g_autoptr(DbRows) rows =
        db_query(db, SELECT " WHERE c.id = $2",
                 DB_VALUES(DB_INT(me), DB_INT(found ? conversation.id : 0)), error);
    if (rows == NULL)
        return NULL;
    if (!db_rows_next(rows, &problem)) {
        if (problem == NULL)
            error_set(&problem, ERROR_NOT_FOUND, "conversation_unknown",
                      "there is no such conversation");
        g_propagate_error(error, problem);
        return NULL;
    }
    g_autofree char *object = write_object(rows, me != 0);
    return json_loads(object, 0, NULL);
}

json_t *conversation_query_load(Db *db, Id id, GError **error) {
    return conversation_query_load_for(db, id, 0, error);
}
