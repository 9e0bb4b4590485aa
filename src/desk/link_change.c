#include "desk/link_change.h"

#include <string.h>

#include "base/error.h"
#include "desk/record.h"

#define LINKS_MAX 100

static gboolean refuse(GError **error, ErrorKind kind, const char *code, const char *what) {
    error_set(error, kind, code, "%s", what);
    return FALSE;
}

static gboolean is_https(const char *url) {
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    return uri != NULL && strcmp(g_uri_get_scheme(uri), "https") == 0 &&
           g_uri_get_host(uri) != NULL && *g_uri_get_host(uri) != '\0';
}

static gboolean check(Db *db, const Link *link, GError **error) {
    gint64 count = 0;
    gboolean is_web = is_https(link->url);
    if (link->other_id == 0 ? !is_web : link->other_id == link->conversation_id)
        return refuse(error, ERROR_INVALID, "link_invalid",
                      "name another conversation, or an address that begins with https://");
    if (!db_query_int(db, "SELECT count(*) FROM conversation_link WHERE conversation_id = $1",
                      DB_VALUES(DB_ID(link->conversation_id)), &count, NULL, error))
        return FALSE;
    return count < LINKS_MAX || refuse(error, ERROR_LIMIT, "links_too_many",
                                       "a conversation has at most 100 links: remove some");
}

static gboolean check_new(Db *db, const Link *link, GError **error) {
    gint64 one = 0;
    gboolean found;
    if (!db_query_int(
            db,
            "SELECT 1 FROM conversation_link WHERE conversation_id = $1"
            " AND coalesce(other_id, 0) = $2 AND url = $3",
            DB_VALUES(DB_ID(link->conversation_id), DB_INT(link->other_id), DB_TEXT(link->url)),
            &one, &found, error))
        return FALSE;
    return !found || refuse(error, ERROR_CONFLICT, "link_exists", "they are linked already");
}

static gboolean record(Db *db, Id conversation_id, Id link_id, Id other_id, Id agent_id,
                       gboolean is_removed, GError **error) {
    json_t *other = other_id != 0 ? json_integer(other_id) : json_null();
    return record_happening(db, EVENT_LINKED, conversation_id,
                            agent_id != 0 ? ACTOR_AGENT : ACTOR_SYSTEM, agent_id,
                            json_pack("{s:I, s:o, s:b}", "link", (json_int_t)link_id, "other",
                                      other, "removed", is_removed),
                            error);
}

// Of two conversations the older one bears the row, so that they are linked once.
gboolean link_add(Db *db, const Link *asked, Id *link_id, GError **error) {
    Link link = *asked;
    if (link.other_id != 0) {
        link.conversation_id = MIN(asked->conversation_id, asked->other_id);
        link.other_id = MAX(asked->conversation_id, asked->other_id);
    }
    *link_id = id_next();
    return check(db, &link, error) && check_new(db, &link, error) &&
           db_run(db,
                  "INSERT INTO conversation_link (id, conversation_id, other_id, title, url,"
                  " agent_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                  DB_VALUES(DB_ID(*link_id), DB_ID(link.conversation_id), DB_ID(link.other_id),
                            DB_TEXT(link.title), DB_TEXT(link.url), DB_ID(link.agent_id),
                            DB_INSTANT(clock_now())),
                  error) &&
           record(db, asked->conversation_id, *link_id, asked->other_id, link.agent_id, FALSE,
                  error);
}

gboolean link_remove(Db *db, Id conversation_id, Id link_id, Id agent_id, GError **error) {
    gint64 count = 0;
    if (!db_run_counted(db,
                        "DELETE FROM conversation_link WHERE id = $1 AND (conversation_id IN"
                        " (SELECT id FROM conversation WHERE id = $2 OR merged_into = $2)"
                        " OR other_id IN"
                        " (SELECT id FROM conversation WHERE id = $2 OR merged_into = $2))",
                        DB_VALUES(DB_ID(link_id), DB_ID(conversation_id)), &count, error))
        return FALSE;
    if (count == 0)
        return refuse(error, ERROR_NOT_FOUND, "link_unknown", "there is no such link here");
    return record(db, conversation_id, link_id, 0, agent_id, TRUE, error);
}
