#include "api/conversation_query.h"

#include <string.h>

#include "base/error.h"
#include "store/conversation.h"
#include "store/visibility.h"

// Left joins keep the conversation first, whatever a planner thinks. Tag names have no newline.
#define COLUMNS                                                                                    \
    "SELECT conversation.id AS id, conversation.version, conversation.channel_id, "                \
    "conversation.status, conversation.snoozed_until, conversation.subject, "                      \
    "conversation.preview, conversation.assignee_id, conversation.team_id, "                       \
    "conversation.priority, conversation.created_at, conversation.last_message_at AS "             \
    "last_message_at, conversation.waiting_since AS waiting_since, conversation.message_count, "   \
    "conversation.related_to, root.id, root.name, identity.address, (SELECT GROUP_CONCAT("         \
    "tag.name, CHAR(10)) FROM conversation_tag JOIN tag ON tag.id = conversation_tag.tag_id "      \
    "WHERE conversation_tag.conversation_id = conversation.id) FROM conversation LEFT JOIN "       \
    "customer ON customer.id = conversation.customer_id LEFT JOIN customer AS root ON root.id = "  \
    "customer.root_id LEFT JOIN identity ON identity.id = conversation.identity_id "

#define SMALL_TAG 2000 // conversations: fewer are sorted, more are met soon enough on the way

static const struct {
    const char *name;
    const char *status; // NULL: any
} views[VIEWS] = {
    [VIEW_OPEN] = {"open", "open"},
    [VIEW_MINE] = {"mine", "open"},
    [VIEW_UNASSIGNED] = {"unassigned", "open"},
    [VIEW_WAITING] = {"waiting", NULL},
    [VIEW_PENDING] = {"pending", "pending"},
    [VIEW_SNOOZED] = {"snoozed", "snoozed"},
    [VIEW_RESOLVED] = {"resolved", "resolved"},
    [VIEW_ALL] = {"all", NULL},
};

gboolean conversation_view_parse(const char *name, ConversationView *view) {
    for (guint at = 0; at < VIEWS; at++)
        if (strcmp(views[at].name, name) == 0) {
            *view = (ConversationView)at;
            return TRUE;
        }
    return FALSE;
}

typedef struct {
    GString *sql;
    GArray *values; // of DbValue
} Query;

static void query_clear(Query *query) {
    g_string_free(query->sql, TRUE);
    g_array_unref(query->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Query, query_clear)

// Appends the text, with @ standing for the next placeholder.
static void add(Query *query, const char *text, DbValue value) {
    g_array_append_val(query->values, value);
    for (; *text != '\0'; text++)
        if (*text == '@')
            g_string_append_printf(query->sql, "$%u", query->values->len);
        else
            g_string_append_c(query->sql, *text);
}

// Which index the list walks; the other conditions are written so that no planner prefers theirs.
typedef enum { DRIVE_TIME, DRIVE_STATUS, DRIVE_CHANNEL, DRIVE_AGENT, DRIVE_SORT, DRIVE_WAIT } Drive;

static Drive choose_drive(const ConversationFilter *filter, gboolean has_small_tag) {
    gboolean is_broad = filter->view == VIEW_RESOLVED || filter->view == VIEW_ALL;
    if (filter->customer_id != 0 || has_small_tag)
        return DRIVE_SORT;
    if (filter->view == VIEW_WAITING)
        return DRIVE_WAIT;
    if (is_broad && filter->channel_id != 0)
        return DRIVE_CHANNEL;
    if (is_broad && filter->agent_id != 0)
        return DRIVE_AGENT;
    return views[filter->view].status != NULL ? DRIVE_STATUS : DRIVE_TIME;
}

static void add_view(Query *query, const ConversationFilter *filter, Drive drive) {
    const char *status = views[filter->view].status;
    if (status != NULL)
        add(query,
            drive == DRIVE_STATUS ? "AND conversation.status = @ "
                                  : "AND NOT conversation.status <> @ ",
            DB_TEXT(status));
    if (filter->view == VIEW_WAITING)
        g_string_append(query->sql, "AND conversation.waiting_since IS NOT NULL ");
    if (filter->view == VIEW_UNASSIGNED)
        g_string_append(query->sql, "AND +conversation.assignee_id IS NULL ");
    if (filter->view == VIEW_MINE)
        add(query, "AND +conversation.assignee_id = @ ", DB_INT(filter->me));
}

static void add_tag(Query *query, const ConversationFilter *filter, gboolean is_small) {
    add(query,
        is_small ? "AND conversation.id IN (SELECT conversation_id FROM conversation_tag WHERE "
                   "tag_id = (SELECT id FROM tag WHERE name = @)) "
                 : "AND EXISTS (SELECT 1 FROM conversation_tag WHERE conversation_id = "
                   "conversation.id AND tag_id = (SELECT id FROM tag WHERE name = @)) ",
        DB_TEXT(filter->tag));
}

// A conversation is in its home channel's lists, and in those of channels that it also reached.
static void add_channel(Query *query, const ConversationFilter *filter, Drive drive) {
    if (drive == DRIVE_CHANNEL) {
        add(query, "AND conversation.channel_id = @ ", DB_ID(filter->channel_id));
        return;
    }
    add(query, "AND (+conversation.channel_id = @ ", DB_ID(filter->channel_id));
    add(query,
        "OR EXISTS (SELECT 1 FROM conversation_channel WHERE conversation_id = conversation.id "
        "AND channel_id = @)) ",
        DB_ID(filter->channel_id));
}

static void add_visibility(Query *query, const ConversationFilter *filter) {
    if (filter->viewer == 0)
        return;
    DbValue value = DB_ID(filter->viewer);
    g_array_append_val(query->values, value);
    g_autofree char *number = g_strdup_printf("$%u", query->values->len);
    g_autoptr(GString) condition =
        g_string_new("AND " VISIBLE_CONVERSATION("conversation", "@viewer") " ");
    g_string_replace(condition, "@viewer", number, 0);
    g_string_append(query->sql, condition->str);
}

static void add_filters(Query *query, const ConversationFilter *filter, Drive drive,
                        gboolean has_small_tag) {
    add_visibility(query, filter);
    if (filter->channel_id != 0)
        add_channel(query, filter, drive);
    if (filter->agent_id != 0)
        add(query,
            drive == DRIVE_AGENT ? "AND conversation.assignee_id = @ "
                                 : "AND +conversation.assignee_id = @ ",
            DB_ID(filter->agent_id));
    if (filter->team_id != 0)
        add(query, "AND conversation.team_id = @ ", DB_ID(filter->team_id));
    if (filter->customer_id != 0)
        add(query,
            "AND conversation.customer_id IN (SELECT id FROM customer WHERE root_id = (SELECT "
            "root_id FROM customer WHERE id = @)) ",
            DB_ID(filter->customer_id));
    if (filter->tag != NULL)
        add_tag(query, filter, has_small_tag);
}

static gboolean is_ascending(const ConversationFilter *filter) {
    return (filter->view == VIEW_WAITING) != filter->oldest_first;
}

static const char *sort_column(const ConversationFilter *filter) {
    return filter->view == VIEW_WAITING ? "waiting_since" : "last_message_at";
}

static void add_order(Query *query, const ConversationFilter *filter, Drive drive) {
    const char *column = sort_column(filter);
    const char *sorts = drive == DRIVE_SORT ? "+" : "";
    const char *direction = is_ascending(filter) ? "ASC" : "DESC";
    if (filter->page.has_cursor) {
        g_string_append_printf(query->sql, "AND (%sconversation.%s, conversation.id) %c ", sorts,
                               column, is_ascending(filter) ? '>' : '<');
        add(query, "(@, ", DB_INT(filter->page.key));
        add(query, "@) ", DB_ID(filter->page.id));
    }
    g_string_append_printf(query->sql, "ORDER BY %sconversation.%s %s, conversation.id %s ", sorts,
                           column, direction, direction);
    add(query, "LIMIT @", DB_INT(filter->page.limit + 1));
}

static void build(Query *query, const ConversationFilter *filter, gboolean has_small_tag) {
    Drive drive = choose_drive(filter, has_small_tag);
    query->sql = g_string_new(COLUMNS "WHERE conversation.merged_into IS NULL ");
    query->values = g_array_new(FALSE, FALSE, sizeof(DbValue));
    add_view(query, filter, drive);
    add_filters(query, filter, drive, has_small_tag);
    add_order(query, filter, drive);
    if (drive != DRIVE_CHANNEL)
        return;
    // The channel's index does not know those that have another home: they are few.
    g_string_prepend(query->sql, "SELECT * FROM (");
    g_string_append(query->sql, ") AS home UNION ALL SELECT * FROM (" COLUMNS
                                "WHERE conversation.merged_into IS NULL ");
    add_view(query, filter, DRIVE_SORT);
    add(query,
        "AND conversation.id IN (SELECT conversation_id FROM conversation_channel WHERE "
        "channel_id = @) ",
        DB_ID(filter->channel_id));
    ConversationFilter rest = *filter;
    rest.channel_id = 0;
    add_filters(query, &rest, DRIVE_SORT, has_small_tag);
    add_order(query, filter, DRIVE_SORT);
    const char *direction = is_ascending(filter) ? "ASC" : "DESC";
    g_string_append_printf(query->sql, ") AS guest ORDER BY last_message_at %s, id %s ", direction,
                           direction);
    add(query, "LIMIT @", DB_INT(filter->page.limit + 1));
}

static void write_tags(JsonText *text, const char *names) {
    json_text_begin_array(text, "tags");
    g_auto(GStrv) tags = g_strsplit(names != NULL ? names : "", "\n", -1);
    for (guint at = 0; tags[at] != NULL; at++)
        json_text_add_text(text, NULL, tags[at]);
    json_text_end_array(text);
}

static void write_row(JsonText *text, DbRows *rows) {
    json_text_add_id(text, "id", db_rows_id(rows, 0));
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
}

static gboolean write_page(JsonText *text, DbRows *rows, const ConversationFilter *filter,
                           GError **error) {
    GError *problem = NULL;
    gint64 key = 0;
    Id id = 0;
    gint64 count = 0;
    json_text_begin_array(text, "items");
    while (db_rows_next(rows, &problem) && count++ < filter->page.limit) {
        json_text_begin_object(text, NULL);
        write_row(text, rows);
        json_text_end_object(text);
        key = db_rows_int(rows, filter->view == VIEW_WAITING ? 12 : 11);
        id = db_rows_id(rows, 0);
    }
    json_text_end_array(text);
    g_autofree char *next = count > filter->page.limit ? page_cursor(key, id) : NULL;
    json_text_add_text(text, "next", next);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static gboolean find_small_tag(Db *db, const ConversationFilter *filter, gboolean *is_small,
                               GError **error) {
    gint64 count = 0;
    gboolean found = FALSE;
    *is_small = FALSE;
    if (filter->tag == NULL)
        return TRUE;
    if (!db_query_int(db,
                      "SELECT COUNT(*) FROM (SELECT 1 FROM conversation_tag WHERE tag_id = (SELECT "
                      "id FROM tag WHERE name = $1) LIMIT $2) AS some",
                      DB_VALUES(DB_TEXT(filter->tag), DB_INT(SMALL_TAG)), &count, &found, error))
        return FALSE;
    *is_small = count < SMALL_TAG;
    return TRUE;
}

gboolean conversation_query_write(Db *db, const ConversationFilter *filter, JsonText *text,
                                  GError **error) {
    gboolean has_small_tag;
    if (!find_small_tag(db, filter, &has_small_tag, error))
        return FALSE;
    g_auto(Query) query;
    build(&query, filter, has_small_tag);
    g_autoptr(DbRows) rows = db_query(
        db, query.sql->str, (const DbValue *)(void *)query.values->data, query.values->len, error);
    return rows != NULL && write_page(text, rows, filter, error);
}

json_t *conversation_query_load(Db *db, Id id, GError **error) {
    GError *problem = NULL;
    Conversation conversation;
    gboolean found = FALSE;
    if (!conversation_find(db, id, &conversation, &found, error))
        return NULL;
    g_autoptr(DbRows) rows = db_query(db, COLUMNS "WHERE conversation.id = $1",
                                      DB_VALUES(DB_ID(found ? conversation.id : 0)), error);
    if (rows == NULL)
        return NULL;
    if (!db_rows_next(rows, &problem)) {
        if (problem == NULL)
            error_set(&problem, ERROR_NOT_FOUND, "conversation_unknown",
                      "there is no such conversation");
        g_propagate_error(error, problem);
        return NULL;
    }
    g_auto(JsonText) text;
    json_text_init(&text);
    json_text_begin_object(&text, NULL);
    write_row(&text, rows);
    json_text_end_object(&text);
    return json_loadb(text.out->str, text.out->len, 0, NULL);
}
