#include "desk/conversation_change.h"

#include <string.h>

#include "base/error.h"
#include "desk/assignment.h"
#include "desk/field_change.h"
#include "desk/record.h"
#include "store/tag.h"

#define TAG_BYTES_MAX 100
#define SUBJECT_BYTES_MAX 1000
#define WAKE_AT_ONCE 100

static const char *const statuses[] = {"open", "pending", "snoozed", "resolved", NULL};

// The row before the change.
typedef struct {
    Id id;
    gint64 version;
    char status[16];
    Id assignee_id;
    Id team_id;
    gint64 priority;
} Before;

static gboolean read_before(Db *db, Id id, Before *before, GError **error) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(DbRows) rows =
        db_query(db,
                 "SELECT c.id, c.version, c.status, c.assignee_id, c.team_id, c.priority"
                 " FROM conversation a JOIN conversation c ON c.id = coalesce(a.merged_into, a.id)"
                 " WHERE a.id = $1",
                 DB_VALUES(DB_ID(id)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows, &failure)) {
        if (failure != NULL)
            g_propagate_error(error, g_steal_pointer(&failure));
        else
            error_set(error, ERROR_NOT_FOUND, "conversation_unknown",
                      "there is no conversation %" G_GINT64_FORMAT, id);
        return FALSE;
    }
    *before = (Before){.id = db_rows_id(rows, 0),
                       .version = db_rows_int(rows, 1),
                       .assignee_id = db_rows_id(rows, 3),
                       .team_id = db_rows_id(rows, 4),
                       .priority = db_rows_int(rows, 5)};
    g_strlcpy(before->status, db_rows_text(rows, 2), sizeof before->status);
    return TRUE;
}

static gboolean refuse(const char *code, const char *message, GError **error) {
    error_set(error, ERROR_INVALID, code, "%s", message);
    return FALSE;
}

static gboolean check(const ConversationChange *change, const Before *before, GError **error) {
    if (change->if_version != 0 && change->if_version != before->version) {
        error_set(error, ERROR_PRECONDITION, "conversation_changed",
                  "the conversation has changed since it was read: read it again");
        return FALSE;
    }
    if (change->status != NULL && !g_strv_contains(statuses, change->status))
        return refuse("status_invalid", "status is one of open, pending, snoozed, resolved", error);
    gboolean is_snooze = change->status != NULL && strcmp(change->status, "snoozed") == 0;
    if (is_snooze && change->snoozed_until <= 0)
        return refuse("snooze_invalid", "a snoozed conversation needs snoozed_until", error);
    if (change->sets_priority && (change->priority < -1 || change->priority > 2))
        return refuse("priority_invalid", "priority goes from -1 (low) to 2 (urgent)", error);
    if (change->subject != NULL && strlen(change->subject) > SUBJECT_BYTES_MAX)
        return refuse("subject_too_long", "a subject has at most 1000 bytes", error);
    return TRUE;
}

// The instant a snooze ends, or NULL for every other status.
static DbValue snoozed_until(const ConversationChange *change) {
    gboolean is_snooze = strcmp(change->status, "snoozed") == 0;
    return is_snooze ? DB_INSTANT(change->snoozed_until) : DB_NULL;
}

static gboolean record_status(Db *db, const Before *before, const ConversationChange *change,
                              ConversationActor who, GError **error) {
    if (strcmp(before->status, "snoozed") == 0 &&
        !record_happening(db, EVENT_UNSNOOZED, before->id, who.actor, who.actor_id, NULL, error))
        return FALSE;
    if (strcmp(change->status, "snoozed") == 0 &&
        !record_happening(db, EVENT_SNOOZED, before->id, who.actor, who.actor_id,
                          json_pack("{s:I}", "until", (json_int_t)change->snoozed_until), error))
        return FALSE;
    return record_happening(db, EVENT_STATUS_CHANGED, before->id, who.actor, who.actor_id,
                            json_pack("{s:s, s:s}", "from", before->status, "to", change->status),
                            error);
}

static gboolean change_status(Db *db, const Before *before, const ConversationChange *change,
                              ConversationActor who, GError **error) {
    if (change->status == NULL ||
        (strcmp(change->status, before->status) == 0 && strcmp(change->status, "snoozed") != 0))
        return TRUE;
    return db_run(db, "UPDATE conversation SET status = $2, snoozed_until = $3 WHERE id = $1",
                  DB_VALUES(DB_ID(before->id), DB_TEXT(change->status), snoozed_until(change)),
                  error) &&
           record_status(db, before, change, who, error);
}

static json_t *id_json(Id id) {
    return id != 0 ? json_integer(id) : json_null();
}

static gboolean change_assignment(Db *db, const Before *before, const ConversationChange *change,
                                  ConversationActor who, GError **error) {
    Id assignee_id = change->sets_assignee ? change->assignee_id : before->assignee_id;
    Id team_id = change->sets_team ? change->team_id : before->team_id;
    if (assignee_id == before->assignee_id && team_id == before->team_id)
        return TRUE;
    if (!db_run(db, "UPDATE conversation SET assignee_id = $2, team_id = $3 WHERE id = $1",
                DB_VALUES(DB_ID(before->id), DB_ID(assignee_id), DB_ID(team_id)), error))
        return FALSE;
    json_t *data = json_pack("{s:o, s:o, s:o, s:o, s:O*}", "from", id_json(before->assignee_id),
                             "to", id_json(assignee_id), "team_from", id_json(before->team_id),
                             "team_to", id_json(team_id), "why", change->why);
    return record_happening(db, EVENT_ASSIGNED, before->id, who.actor, who.actor_id, data, error);
}

static gboolean change_priority(Db *db, const Before *before, const ConversationChange *change,
                                ConversationActor who, GError **error) {
    if (!change->sets_priority || change->priority == before->priority)
        return TRUE;
    json_t *data = json_pack("{s:I, s:I}", "from", (json_int_t)before->priority, "to",
                             (json_int_t)change->priority);
    return db_run(db, "UPDATE conversation SET priority = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(before->id), DB_INT(change->priority)), error) &&
           record_happening(db, EVENT_PRIORITISED, before->id, who.actor, who.actor_id, data,
                            error);
}

static gboolean change_tag(Db *db, Id id, const char *name, gboolean is_added,
                           ConversationActor who, GError **error) {
    Id tag_id = 0;
    gint64 changed = 0;
    if (*name == '\0' || strlen(name) > TAG_BYTES_MAX)
        return refuse("tag_invalid", "a tag has 1 to 100 bytes", error);
    if (!tag_find_or_add(db, name, &tag_id, error) ||
        !db_run_counted(
            db,
            is_added ? "INSERT INTO conversation_tag (conversation_id, tag_id) VALUES ($1, $2)"
                       " ON CONFLICT (conversation_id, tag_id) DO NOTHING"
                     : "DELETE FROM conversation_tag WHERE conversation_id = $1 AND tag_id = $2",
            DB_VALUES(DB_ID(id), DB_ID(tag_id)), &changed, error))
        return FALSE;
    return changed == 0 ||
           record_happening(db, EVENT_TAGGED, id, who.actor, who.actor_id,
                            json_pack("{s:I, s:b}", "tag", (json_int_t)tag_id, "added", is_added),
                            error);
}

static gboolean change_tags(Db *db, Id id, const char *const *names, gboolean is_added,
                            ConversationActor who, GError **error) {
    for (; names != NULL && *names != NULL; names++)
        if (!change_tag(db, id, *names, is_added, who, error))
            return FALSE;
    return TRUE;
}

static gboolean change_subject(Db *db, const Before *before, const ConversationChange *change,
                               GError **error) {
    return change->subject == NULL ||
           db_run(db, "UPDATE conversation SET subject = $2 WHERE id = $1",
                  DB_VALUES(DB_ID(before->id), DB_TEXT(change->subject)), error);
}

static gboolean apply(Db *db, const Before *before, const ConversationChange *change,
                      ConversationActor who, GError **error) {
    if (change->no_reply_needed && !record_happening(db, EVENT_NO_REPLY_NEEDED, before->id,
                                                     who.actor, who.actor_id, NULL, error))
        return FALSE;
    return change_assignment(db, before, change, who, error) &&
           change_priority(db, before, change, who, error) &&
           change_subject(db, before, change, error) &&
           change_tags(db, before->id, change->add_tags, TRUE, who, error) &&
           change_tags(db, before->id, change->remove_tags, FALSE, who, error) &&
           (change->fields == NULL || field_change_conversation(db, before->id, change->fields,
                                                                who.actor, who.actor_id, error)) &&
           change_status(db, before, change, who, error) &&
           db_run(db, "UPDATE conversation SET version = version + 1 WHERE id = $1",
                  DB_VALUES(DB_ID(before->id)), error);
}

// What was given to nobody by hand stays with nobody.
static gboolean find_assignee(Db *db, const Before *before, const ConversationChange *change,
                              GError **error) {
    gboolean is_moved = change->sets_team && change->team_id != before->team_id;
    gboolean is_reopened = g_strcmp0(change->status, "open") == 0;
    if (change->sets_assignee || (!is_moved && !is_reopened))
        return TRUE;
    return assignment_settle(db, before->id, is_moved ? ASSIGNMENT_MOVED : ASSIGNMENT_REOPENED,
                             error);
}

gboolean conversation_change_by(Db *db, Id id, const ConversationChange *change,
                                ConversationActor who, GError **error) {
    Before before;
    return read_before(db, id, &before, error) && check(change, &before, error) &&
           apply(db, &before, change, who, error) && find_assignee(db, &before, change, error);
}

gboolean conversation_change(Db *db, Id id, const ConversationChange *change, Id agent_id,
                             GError **error) {
    return conversation_change_by(db, id, change, (ConversationActor){ACTOR_AGENT, agent_id},
                                  error);
}

static GArray *list_due(Db *db, Instant now, GError **error) {
    return db_query_ids(
        db,
        "SELECT id FROM conversation WHERE snoozed_until <= $1 AND status = 'snoozed'"
        " ORDER BY snoozed_until LIMIT $2",
        DB_VALUES(DB_INSTANT(now), DB_INT(WAKE_AT_ONCE)), error);
}

static gboolean wake(Db *db, Id id, GError **error) {
    return db_run(db,
                  "UPDATE conversation SET status = 'open', snoozed_until = NULL,"
                  " version = version + 1 WHERE id = $1",
                  DB_VALUES(DB_ID(id)), error) &&
           record_happening(db, EVENT_UNSNOOZED, id, ACTOR_SYSTEM, 0, NULL, error) &&
           record_happening(db, EVENT_STATUS_CHANGED, id, ACTOR_SYSTEM, 0,
                            json_pack("{s:s, s:s}", "from", "snoozed", "to", "open"), error) &&
           assignment_settle(db, id, ASSIGNMENT_REOPENED, error);
}

gboolean conversation_wake_snoozed(Db *db, Instant now, GError **error) {
    g_autoptr(GArray) due = list_due(db, now, error);
    if (due == NULL)
        return FALSE;
    for (guint at = 0; at < due->len; at++)
        if (!wake(db, g_array_index(due, Id, at), error))
            return FALSE;
    return TRUE;
}
