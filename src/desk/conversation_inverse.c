#include "desk/conversation_inverse.h"

#include "base/error.h"

static json_t *id_json(Id id) {
    char text[ID_TEXT_SIZE];
    return id != 0 ? json_string(id_format(id, text)) : json_null();
}

static json_t *instant_json(Instant instant) {
    g_autofree char *text = instant != INSTANT_NONE ? instant_format(instant) : NULL;
    return text != NULL ? json_string(text) : json_null();
}

// What opens or moves may find an assignee by itself: that is taken back too.
static void add_row(json_t *inverse, DbRows *row, const ConversationChange *change) {
    if (change->status != NULL) {
        json_object_set_new(inverse, "status", json_string(db_rows_text(row, 1)));
        if (!db_rows_is_null(row, 2))
            json_object_set_new(inverse, "snoozed_until", instant_json(db_rows_instant(row, 2)));
    }
    if (change->status != NULL || change->sets_assignee || change->sets_team)
        json_object_set_new(inverse, "assignee_id", id_json(db_rows_id(row, 3)));
    if (change->sets_team)
        json_object_set_new(inverse, "team_id", id_json(db_rows_id(row, 4)));
    if (change->sets_priority)
        json_object_set_new(inverse, "priority", json_integer(db_rows_int(row, 5)));
    if (change->subject != NULL)
        json_object_set_new(inverse, "subject", json_string(db_rows_text(row, 6)));
}

// Those of names that the conversation has, or has not.
static gboolean add_tags(Db *db, Id id, json_t *inverse, const char *member,
                         const char *const *names, gboolean has_them, GError **error) {
    json_t *list = json_array();
    gboolean done = TRUE;
    for (; done && names != NULL && *names != NULL; names++) {
        gboolean found = FALSE;
        done = db_query_int(db,
                            "SELECT 1 FROM conversation_tag x JOIN tag t ON t.id = x.tag_id"
                            " WHERE x.conversation_id = $1 AND t.name = $2",
                            DB_VALUES(DB_ID(id), DB_TEXT(*names)), &(gint64){0}, &found, error);
        if (found == has_them)
            json_array_append_new(list, json_string(*names));
    }
    if (json_array_size(list) > 0)
        json_object_set(inverse, member, list);
    json_decref(list);
    return done;
}

static gboolean read_row(Db *db, Id *id, json_t *inverse, const ConversationChange *change,
                         GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT c.id, c.status, c.snoozed_until, c.assignee_id, c.team_id, c.priority,"
                 " c.subject FROM conversation a JOIN conversation c ON c.id ="
                 " coalesce(a.merged_into, a.id) WHERE a.id = $1",
                 DB_VALUES(DB_ID(*id)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows, &failure)) {
        if (failure == NULL)
            error_set(&failure, ERROR_NOT_FOUND, "conversation_unknown",
                      "there is no such conversation");
        g_propagate_error(error, failure);
        return FALSE;
    }
    *id = db_rows_id(rows, 0);
    add_row(inverse, rows, change);
    return TRUE;
}

json_t *conversation_inverse(Db *db, Id id, const ConversationChange *change, GError **error) {
    if (change->fields != NULL || change->no_reply_needed)
        return json_null();
    json_t *inverse = json_object();
    if (read_row(db, &id, inverse, change, error) &&
        add_tags(db, id, inverse, "remove_tags", change->add_tags, FALSE, error) &&
        add_tags(db, id, inverse, "add_tags", change->remove_tags, TRUE, error))
        return inverse;
    json_decref(inverse);
    return NULL;
}
