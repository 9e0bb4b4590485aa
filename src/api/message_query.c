#include "api/message_query.h"

#include <string.h>

#include "api/public_json.h"

const char message_query_columns[] =
    "SELECT message.id AS id, message.conversation_id, message.channel_id, message.direction, "
    "message.author, message.class, message.is_automatic, message.subject, message.text, "
    "message.new_text, message.html_sha256 IS NOT NULL, message.raw_sha256 IS NOT NULL, "
    "message.quoted_message_id, message.headers, message.state, message.state_reason, "
    "message.occurred_at AS occurred_at, message.received_at, message.edited_version, "
    "message.removed_at, message.agent_id, message.identity_id, identity.address, identity.name, "
    "message.message_key, EXISTS (SELECT 1 FROM attachment WHERE message_id = message.id), EXISTS "
    "(SELECT 1 FROM reaction WHERE message_id = message.id), scheduled.send_at, "
    "scheduled.cancel_on_reply, (SELECT GROUP_CONCAT(mention.agent_id || '.' || mention.team_id) "
    "FROM mention WHERE mention.message_id = message.id) FROM message LEFT JOIN identity ON "
    "identity.id = message.identity_id LEFT JOIN scheduled ON scheduled.message_id = message.id ";

static gboolean write_attachments(Db *db, Id message_id, JsonText *text, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT id, name, type, size, content_id, is_inline, state "
                                      "FROM attachment WHERE message_id = $1 ORDER BY position",
                                      DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    json_text_begin_array(text, "attachments");
    while (db_rows_next(rows, &problem)) {
        json_text_begin_object(text, NULL);
        json_text_add_id(text, "id", db_rows_id(rows, 0));
        json_text_add_text(text, "name", db_rows_text(rows, 1));
        json_text_add_text(text, "type", db_rows_text(rows, 2));
        json_text_add_int(text, "size", db_rows_int(rows, 3));
        json_text_add_text(text, "content_id", db_rows_text(rows, 4));
        json_text_add_bool(text, "is_inline", db_rows_int(rows, 5) != 0);
        json_text_add_text(text, "state", db_rows_text(rows, 6));
        json_text_end_object(text);
    }
    json_text_end_array(text);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

static gboolean write_reactions(Db *db, Id message_id, JsonText *text, GError **error) {
    GError *problem = NULL;
    g_autoptr(DbRows) rows = db_query(
        db, "SELECT emoji, identity_id FROM reaction WHERE message_id = $1 AND emoji <> ''",
        DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    json_text_begin_array(text, "reactions");
    while (db_rows_next(rows, &problem)) {
        json_text_begin_object(text, NULL);
        json_text_add_text(text, "emoji", db_rows_text(rows, 0));
        json_text_add_id(text, "identity_id", db_rows_id(rows, 1));
        json_text_end_object(text);
    }
    json_text_end_array(text);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

// The new text, or all of it where nothing was cut off.
static void write_text(DbRows *rows, gboolean is_whole, JsonText *text) {
    const char *all = db_rows_text(rows, 8);
    const char *new = db_rows_is_null(rows, 9) ? all : db_rows_text(rows, 9);
    gboolean is_cut = !is_whole && strlen(new) > MESSAGE_TEXT_CUT;
    json_text_add_bool(text, "has_more_text", is_cut || !db_rows_is_null(rows, 9));
    if (is_cut) {
        const char *end = g_utf8_find_prev_char(new, new + MESSAGE_TEXT_CUT);
        g_autofree char *front = g_strndup(new, (gsize)(end - new));
        json_text_add_text(text, "text", front);
    } else {
        json_text_add_text(text, "text", new);
    }
    if (is_whole)
        json_text_add_text(text, "whole_text", all);
}

static void write_author(DbRows *rows, JsonText *text) {
    json_text_add_text(text, "author", db_rows_text(rows, 4));
    json_text_add_id(text, "agent_id", db_rows_id(rows, 20));
    json_text_add_id(text, "identity_id", db_rows_id(rows, 21));
    json_text_add_text(text, "address", db_rows_text(rows, 22));
    json_text_add_text(text, "name", db_rows_text(rows, 23));
}

static void write_state(DbRows *rows, JsonText *text) {
    json_text_add_text(text, "state", db_rows_text(rows, 14));
    json_text_add_text(text, "state_reason", db_rows_text(rows, 15));
    json_text_add_instant(text, "occurred_at", db_rows_instant(rows, 16));
    json_text_add_instant(text, "received_at", db_rows_instant(rows, 17));
    json_text_add_bool(text, "is_edited", db_rows_int(rows, 18) != 0);
    json_text_add_instant(text, "removed_at", db_rows_instant(rows, 19));
}

// Of a reply that leaves later, and of a note that speaks to somebody: "agent.team,agent.team".
static void write_further(DbRows *rows, JsonText *text) {
    g_auto(GStrv) mentions =
        g_strsplit(db_rows_is_null(rows, 29) ? "" : db_rows_text(rows, 29), ",", -1);
    if (!db_rows_is_null(rows, 27)) {
        json_text_add_instant(text, "send_at", db_rows_instant(rows, 27));
        json_text_add_bool(text, "cancel_on_reply", db_rows_int(rows, 28) != 0);
    }
    if (mentions[0] == NULL)
        return;
    json_text_begin_array(text, "mentions");
    for (char **at = mentions; *at != NULL; at++) {
        Id agent_id = g_ascii_strtoll(*at, NULL, 10);
        Id team_id = g_ascii_strtoll(strchr(*at, '.') + 1, NULL, 10);
        json_text_begin_object(text, NULL);
        json_text_add_id(text, agent_id != 0 ? "agent_id" : "team_id",
                         agent_id != 0 ? agent_id : team_id);
        json_text_end_object(text);
    }
    json_text_end_array(text);
}

static void write_none(JsonText *text, const char *name) {
    json_text_begin_array(text, name);
    json_text_end_array(text);
}

// Most messages have neither: a statement less each.
static gboolean write_parts(Db *db, DbRows *rows, JsonText *text, GError **error) {
    Id id = db_rows_id(rows, 0);
    gboolean has_attachments = db_rows_int(rows, 25) != 0;
    gboolean has_reactions = db_rows_int(rows, 26) != 0;
    if (!has_attachments)
        write_none(text, "attachments");
    if (!has_reactions)
        write_none(text, "reactions");
    return (!has_attachments || write_attachments(db, id, text, error)) &&
           (!has_reactions || write_reactions(db, id, text, error));
}

gboolean message_query_write_row(Db *db, DbRows *rows, gboolean is_whole, JsonText *text,
                                 GError **error) {
    Id id = db_rows_id(rows, 0);
    json_text_begin_object(text, NULL);
    json_text_add_id(text, "id", id);
    json_text_add_id(text, "conversation_id", db_rows_id(rows, 1));
    json_text_add_id(text, "channel_id", db_rows_id(rows, 2));
    json_text_add_text(text, "direction", db_rows_text(rows, 3));
    write_author(rows, text);
    json_text_add_text(text, "class", db_rows_text(rows, 5));
    json_text_add_bool(text, "is_automatic", db_rows_int(rows, 6) != 0);
    json_text_add_text(text, "subject", db_rows_text(rows, 7));
    write_text(rows, is_whole, text);
    json_text_add_bool(text, "has_html", db_rows_int(rows, 10) != 0);
    json_text_add_bool(text, "has_raw", db_rows_int(rows, 11) != 0);
    json_text_add_id(text, "quoted_message_id", db_rows_id(rows, 12));
    write_state(rows, text);
    json_text_add_text(text, "message_key", db_rows_text(rows, 24));
    public_json_write_text(text, "headers", db_rows_text(rows, 13));
    write_further(rows, text);
    gboolean written = write_parts(db, rows, text, error);
    json_text_end_object(text);
    return written;
}

// The newest first within, turned round outside.
static char *page_sql(const Page *page) {
    return g_strdup_printf("SELECT * FROM (%s WHERE message.conversation_id = $1 %s ORDER BY "
                           "message.occurred_at DESC, "
                           "message.id DESC LIMIT $2) AS page ORDER BY occurred_at, id",
                           message_query_columns,
                           page->has_cursor ? "AND (message.occurred_at, message.id) < ($3, $4)"
                                            : "");
}

gboolean message_query_write_page(Db *db, Id conversation_id, const Page *page, JsonText *text,
                                  GError **error) {
    GError *problem = NULL;
    g_autofree char *sql = page_sql(page);
    g_autofree char *previous = NULL;
    const DbValue values[] = {DB_ID(conversation_id), DB_INT(page->limit), DB_INT(page->key),
                              DB_ID(page->id)};
    g_autoptr(DbRows) rows = db_query(db, sql, values, page->has_cursor ? 4 : 2, error);
    if (rows == NULL)
        return FALSE;
    gint64 count = 0;
    json_text_begin_array(text, "items");
    while (problem == NULL && db_rows_next(rows, &problem)) {
        if (count++ == 0)
            previous = page_cursor(db_rows_int(rows, 16), db_rows_id(rows, 0));
        message_query_write_row(db, rows, FALSE, text, &problem);
    }
    json_text_end_array(text);
    json_text_add_text(text, "previous", count == page->limit ? previous : NULL);
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}
