// Undoing a reply undoes what it did to the conversation: a status that was set with the reply is
// set back, and before the reply is cancelled, so that the customer goes on waiting (metrics.md
// Waits 2; doc/decisions/0041).
#include <jansson.h>

#include "desk/conversation_change.h"
#include "desk/outbox_record.h"

typedef struct {
    Id conversation_id;
    Id agent_id;
    char before[16];
} SetWithReply;

// The status change of the reply's own job stands just behind it in the log. *found is FALSE when
// there is none, or the status has changed since.
static gboolean find_change(Db *db, Id message_id, SetWithReply *change, gboolean *found,
                            GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT c.id, s.actor_id, s.data FROM message m JOIN event w ON w.conversation_id ="
        " m.conversation_id AND w.message_id = m.id AND w.type = 'reply_written' JOIN event s ON"
        " s.seq > w.seq AND s.seq <= w.seq + 2 AND s.conversation_id = w.conversation_id AND"
        " s.type = 'status_changed' JOIN conversation c ON c.id = w.conversation_id WHERE m.id = $1"
        " AND s.data LIKE '%\"to\":\"' || c.status || '\"%' ORDER BY w.seq DESC LIMIT 1",
        DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    *found = db_rows_next(rows, &failure);
    if (*found) {
        json_t *data = json_loads(db_rows_text(rows, 2), 0, NULL);
        const char *from = json_string_value(json_object_get(data, "from"));
        *change =
            (SetWithReply){.conversation_id = db_rows_id(rows, 0), .agent_id = db_rows_id(rows, 1)};
        // A snooze is over by now.
        gboolean is_snooze = g_strcmp0(from, "snoozed") == 0;
        g_strlcpy(change->before, from == NULL || is_snooze ? "open" : from, sizeof change->before);
        json_decref(data);
    }
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

gboolean outbox_take_back_status(Db *db, Id message_id, GError **error) {
    SetWithReply set;
    gboolean found;
    if (!find_change(db, message_id, &set, &found, error))
        return FALSE;
    ConversationChange change = {.status = set.before};
    return !found || conversation_change(db, set.conversation_id, &change, set.agent_id, error);
}
