#include "store/event.h"

#include "base/error.h"

#define COLUMNS                                                                                    \
    "seq, id, conversation_id, channel_id, type, actor, actor_id, message_id, occurred_at, "       \
    "recorded_at, data"

gboolean event_add(Db *db, Event *event, GError **error) {
    g_autofree char *data = event->data != NULL ? json_dumps(event->data, JSON_COMPACT) : NULL;
    gboolean found;
    return db_query_int(db,
                        "INSERT INTO event (" COLUMNS ")"
                        " VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM event),"
                        " $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING seq",
                        DB_VALUES(DB_ID(event->id), DB_ID(event->conversation_id),
                                  DB_ID(event->channel_id), DB_TEXT(event_type_name(event->type)),
                                  DB_TEXT(actor_name(event->actor)), DB_ID(event->actor_id),
                                  DB_ID(event->message_id), DB_INT(event->occurred_at),
                                  DB_INT(event->recorded_at), DB_TEXT(data != NULL ? data : "{}")),
                        &event->seq, &found, error);
}

static Event *event_from_row(DbRows *rows) {
    Event *event = g_new0(Event, 1);
    event->seq = db_rows_int(rows, 0);
    event->id = db_rows_id(rows, 1);
    event->conversation_id = db_rows_id(rows, 2);
    event->channel_id = db_rows_id(rows, 3);
    event->actor_id = db_rows_id(rows, 6);
    event->message_id = db_rows_id(rows, 7);
    event->occurred_at = db_rows_instant(rows, 8);
    event->recorded_at = db_rows_instant(rows, 9);
    event->data = json_loads(db_rows_text(rows, 10), 0, NULL);
    if (event_type_parse(db_rows_text(rows, 4), &event->type) &&
        actor_parse(db_rows_text(rows, 5), &event->actor))
        return event;
    event_free(event);
    return NULL;
}

static GPtrArray *events_read(DbRows *rows, GError **error) {
    if (rows == NULL)
        return NULL;
    g_autoptr(GError) failure = NULL;
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    while (failure == NULL && db_rows_next(rows, &failure)) {
        Event *event = event_from_row(rows);
        if (event == NULL)
            error_set(&failure, ERROR_INTERNAL, "event_unreadable",
                      "event %" G_GINT64_FORMAT " is of a type that this program does not know",
                      db_rows_int(rows, 0));
        else
            g_ptr_array_add(events, event);
    }
    if (failure == NULL)
        return g_steal_pointer(&events);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

GPtrArray *event_list_of_conversation(Db *db, Id conversation_id, GError **error) {
    g_autoptr(DbRows) rows = db_query(db,
                                      "SELECT " COLUMNS " FROM event WHERE conversation_id = $1"
                                      " ORDER BY occurred_at, id",
                                      DB_VALUES(DB_ID(conversation_id)), error);
    return events_read(rows, error);
}

GPtrArray *event_list_of_standing(Db *db, Id conversation_id, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT " COLUMNS " FROM event WHERE conversation_id = $1 AND type IN ('assigned',"
                 " 'prioritised', 'tagged', 'merged', 'joined', 'split', 'unsplit', 'sla_warned',"
                 " 'sla_breached') ORDER BY occurred_at, id",
                 DB_VALUES(DB_ID(conversation_id)), error);
    return events_read(rows, error);
}

GPtrArray *event_list_since(Db *db, gint64 after, guint limit, GError **error) {
    g_autoptr(DbRows) rows =
        db_query(db, "SELECT " COLUMNS " FROM event WHERE seq > $1 ORDER BY seq LIMIT $2",
                 DB_VALUES(DB_INT(after), DB_INT(limit)), error);
    return events_read(rows, error);
}

gboolean event_last_seq(Db *db, gint64 *seq, GError **error) {
    gboolean found;
    return db_query_int(db, "SELECT coalesce(max(seq), 0) FROM event", DB_NO_VALUES, seq, &found,
                        error);
}
