#include <string.h>

#include "base/error.h"
#include "desk/outbox_task.h"
#include "desk/sent_folder.h"

typedef struct {
    Id channel_id;
    char *message_key;
    gboolean is_unknown;
} Wanted;

static gboolean read_wanted(Db *db, Id message_id, Wanted *wanted, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT channel_id, message_key, state FROM message"
                                      " WHERE id = $1 AND direction = 'out'",
                                      DB_VALUES(DB_ID(message_id)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows, &failure)) {
        if (failure == NULL)
            error_set(&failure, ERROR_NOT_FOUND, "message_unknown",
                      "there is no outgoing message of this id");
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    wanted->channel_id = db_rows_id(rows, 0);
    wanted->message_key = g_strdup(db_rows_text(rows, 1));
    wanted->is_unknown = strcmp(db_rows_text(rows, 2), "unknown") == 0;
    return TRUE;
}

static gboolean record_found(Db *db, gpointer data, GError **error) {
    return outbox_record_found(db, *(const Id *)data, error);
}

static gboolean ask(const OutboxContext *context, const Wanted *wanted, gboolean *found,
                    GError **error) {
    g_autoptr(ChannelConfig) channel =
        channel_directory_find(context->channels, wanted->channel_id);
    if (!wanted->is_unknown) {
        error_set(error, ERROR_CONFLICT, "message_state",
                  "only a message whose outcome is unknown can be looked up");
        return FALSE;
    }
    if (channel == NULL || strcmp(channel->kind, "email") != 0 || wanted->message_key == NULL) {
        error_set(error, ERROR_CONFLICT, "channel_cannot_tell",
                  "this channel cannot be asked: mark the message as sent, or send it again");
        return FALSE;
    }
    return sent_folder_find(channel, &context->fetch, wanted->message_key, found, error);
}

gboolean outbox_look_up(Outbox *outbox, Id message_id, gboolean *found, GError **error) {
    const OutboxContext *context = outbox_context(outbox);
    Wanted wanted = {0};
    Db *db = store_reader_take(context->store, error);
    if (db == NULL)
        return FALSE;
    gboolean good = read_wanted(db, message_id, &wanted, error);
    store_reader_give(context->store, db);
    good = good && ask(context, &wanted, found, error);
    g_free(wanted.message_key);
    return good &&
           (!*found || writer_run(store_writer(context->store), record_found, &message_id, error));
}
