#include "desk/conversation_undo.h"

#include <string.h>

#include "base/error.h"

#define SEPARATOR "\n" // in no tag

struct ConversationState {
    Id id;
    char *status;
    Instant snoozed_until;
    Id assignee_id;
    Id team_id;
    gint64 priority;
    char **tags;
};

void conversation_state_free(ConversationState *state) {
    if (state == NULL)
        return;
    g_free(state->status);
    g_strfreev(state->tags);
    g_free(state);
}

static ConversationState *read_state(DbRows *rows) {
    ConversationState *state = g_new(ConversationState, 1);
    const char *tags = db_rows_text(rows, 6);
    *state = (ConversationState){.id = db_rows_id(rows, 0),
                                 .status = g_strdup(db_rows_text(rows, 1)),
                                 .snoozed_until = db_rows_instant(rows, 2),
                                 .assignee_id = db_rows_id(rows, 3),
                                 .team_id = db_rows_id(rows, 4),
                                 .priority = db_rows_int(rows, 5),
                                 .tags = g_strsplit(tags != NULL ? tags : "", SEPARATOR, -1)};
    return state;
}

ConversationState *conversation_state_read(Db *db, Id id, GError **error) {
    GError *failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT c.id, c.status, c.snoozed_until, c.assignee_id, c.team_id, c.priority,"
                 " (SELECT GROUP_CONCAT(t.name, '" SEPARATOR "') FROM conversation_tag x"
                 " JOIN tag t ON t.id = x.tag_id WHERE x.conversation_id = c.id)"
                 " FROM conversation a JOIN conversation c ON c.id = coalesce(a.merged_into, a.id)"
                 " WHERE a.id = $1",
                 DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return NULL;
    if (db_rows_next(rows, &failure))
        return read_state(rows);
    if (failure == NULL)
        error_set(&failure, ERROR_NOT_FOUND, "conversation_unknown",
                  "there is no such conversation");
    g_propagate_error(error, failure);
    return NULL;
}

static void set_id(json_t *undo, const char *name, Id before, Id after) {
    char text[ID_TEXT_SIZE];
    if (before != after)
        json_object_set_new(undo, name,
                            before != 0 ? json_string(id_format(before, text)) : json_null());
}

static void set_status(json_t *undo, const ConversationState *before,
                       const ConversationState *after) {
    if (strcmp(before->status, after->status) == 0 && before->snoozed_until == after->snoozed_until)
        return;
    json_object_set_new(undo, "status", json_string(before->status));
    if (before->snoozed_until == INSTANT_NONE)
        return;
    g_autofree char *until = instant_format(before->snoozed_until);
    json_object_set_new(undo, "snoozed_until", json_string(until));
}

// The tags of one that the other has not.
static void set_tags(json_t *undo, const char *name, char **tags, char **others) {
    json_t *list = json_array();
    for (; *tags != NULL; tags++)
        if (**tags != '\0' && !g_strv_contains((const char *const *)others, *tags))
            json_array_append_new(list, json_string(*tags));
    if (json_array_size(list) > 0)
        json_object_set(undo, name, list);
    json_decref(list);
}

json_t *conversation_state_undo(Db *db, const ConversationState *before, GError **error) {
    g_autoptr(ConversationState) after = conversation_state_read(db, before->id, error);
    if (after == NULL)
        return NULL;
    json_t *undo = json_object();
    set_status(undo, before, after);
    set_id(undo, "assignee_id", before->assignee_id, after->assignee_id);
    set_id(undo, "team_id", before->team_id, after->team_id);
    if (before->priority != after->priority)
        json_object_set_new(undo, "priority", json_integer(before->priority));
    set_tags(undo, "add_tags", before->tags, after->tags);
    set_tags(undo, "remove_tags", after->tags, before->tags);
    return undo;
}
