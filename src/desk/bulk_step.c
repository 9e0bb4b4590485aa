#include "desk/bulk_step.h"

#include "base/error.h"
#include "desk/assignment.h"
#include "desk/conversation_inverse.h"
#include "store/visibility.h"

static gboolean change_one(Db *db, Id id, const ConversationChange *change, BulkStep *step,
                           GError **error) {
    ConversationActor who = {step->agent_id != 0 ? ACTOR_AGENT : ACTOR_SYSTEM, step->agent_id};
    if (step->viewer != 0 &&
        !visibility_check(db, step->viewer, VISIBILITY_CONVERSATION, id, error))
        return FALSE;
    step->undo = conversation_inverse(db, id, change, error);
    return step->undo != NULL && conversation_change_by(db, id, change, who, error) &&
           (!change->sets_assignee || assignment_check(db, id, error)) &&
           db_query_int(db,
                        "SELECT c.version FROM conversation a JOIN conversation c ON c.id ="
                        " coalesce(a.merged_into, a.id) WHERE a.id = $1",
                        DB_VALUES(DB_ID(id)), &step->version, NULL, error);
}

// What the conversation refuses is its own affair; a broken database is everybody's.
static gboolean is_broken(const GError *error) {
    ErrorKind kind = error_kind(error);
    return kind == ERROR_INTERNAL || kind == ERROR_UNAVAILABLE;
}

gboolean bulk_step(Db *db, Id id, const ConversationChange *change, BulkStep *step,
                   gboolean *is_fatal, GError **error) {
    GError *failure = NULL;
    step->undo = NULL;
    *is_fatal = TRUE;
    if (!db_savepoint(db, error))
        return FALSE;
    if (change_one(db, id, change, step, &failure))
        return db_savepoint_release(db, error);
    g_clear_pointer(&step->undo, json_decref);
    *is_fatal = is_broken(failure);
    db_savepoint_undo(db);
    g_propagate_error(error, failure);
    return FALSE;
}
