#include "desk/automatic_guard.h"

#include <jansson.h>
#include <string.h>

#include "base/error.h"
#include "model/party.h"

static gboolean refuse(GError **error, const char *why) {
    error_set(error, ERROR_DENIED, "automatic_refused", "no automatic message is sent: %s", why);
    return FALSE;
}

// Why a message from outside may not be answered by a machine, or NULL.
static const char *forbidding(DbRows *rows) {
    json_t *headers = json_loads(db_rows_text(rows, 2), 0, NULL);
    const char *why = NULL;
    if (db_rows_int(rows, 0) != 0 || strcmp(db_rows_text(rows, 1), "ordinary") != 0)
        why = "the last message was automatic itself";
    else if (json_is_true(json_object_get(headers, "own_loop")))
        why = "the last message came from us";
    else if (json_is_true(json_object_get(headers, "suppress_reply")) ||
             json_object_get(headers, "list_id") != NULL)
        why = "the last message asks not to be answered by a machine";
    json_decref(headers);
    return why;
}

static gboolean check_last(Db *db, Id conversation_id, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT is_automatic, class, headers FROM message WHERE conversation_id = $1"
                 " AND direction = 'in' ORDER BY occurred_at DESC, id DESC LIMIT 1",
                 DB_VALUES(DB_ID(conversation_id)), error);
    if (rows == NULL)
        return FALSE;
    const char *why = db_rows_next(rows, &failure) ? forbidding(rows) : NULL;
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return why == NULL || refuse(error, why);
}

static gboolean check_recipient(Db *db, const char *recipient, GError **error) {
    g_autofree char *address = party_address_normalize(recipient);
    gint64 count = 0;
    gboolean found;
    if (*recipient == '\0')
        return TRUE;
    if (!db_query_int(db, "SELECT count(*) FROM channel WHERE address = $1 AND removed_at IS NULL",
                      DB_VALUES(DB_TEXT(address)), &count, &found, error))
        return FALSE;
    return count == 0 || refuse(error, "the recipient is one of our own addresses");
}

// Ids are in the order of time: the window is a range of them.
static gboolean check_count(Db *db, Id conversation_id, Id channel_id, const char *recipient,
                            Instant now, GError **error) {
    gint64 count = 0;
    gboolean found;
    if (!db_query_int(db,
                      "SELECT count(*) FROM outbox o JOIN message m ON m.id = o.message_id"
                      " WHERE o.id >= $1 AND o.channel_id = $2 AND m.is_automatic = 1"
                      " AND lower(o.recipient) = lower($3)"
                      " AND ($3 <> '' OR o.conversation_id = $4)",
                      DB_VALUES(DB_INT(id_first(now - AUTOMATIC_WINDOW_MS)), DB_ID(channel_id),
                                DB_TEXT(recipient), DB_ID(conversation_id)),
                      &count, &found, error))
        return FALSE;
    if (count < AUTOMATIC_MAX)
        return TRUE;
    error_set(error, ERROR_LIMIT, "automatic_storm",
              "this recipient has had %d automatic messages within ten minutes", AUTOMATIC_MAX);
    return FALSE;
}

gboolean automatic_guard(Db *db, Id conversation_id, Id channel_id, const char *recipient,
                         Instant now, GError **error) {
    return check_last(db, conversation_id, error) && check_recipient(db, recipient, error) &&
           check_count(db, conversation_id, channel_id, recipient, now, error);
}
