// What agents do to a conversation: status, snooze, assignment, priority, subject, tags, "no reply
// needed". Each change is an event. Used by api within writer jobs; refuses what is not valid
// before it changes anything.
#pragma once

#include <jansson.h>

#include "model/event.h"
#include "store/db.h"

// Who changes it.
typedef struct {
    Actor actor;
    Id actor_id; // agent; 0: none
} ConversationActor;

// What is to change; zero and NULL members change nothing.
typedef struct {
    const char *status;    // open, pending, snoozed, resolved
    Instant snoozed_until; // with status snoozed
    gboolean sets_assignee;
    Id assignee_id; // 0: nobody
    gboolean sets_team;
    Id team_id;  // 0: none
    json_t *why; // of an assignment that nobody made by hand; stands in its event; borrowed
    gboolean sets_priority;
    gint64 priority; // -1 low, 0 normal, 1 high, 2 urgent
    const char *subject;
    const char *const *add_tags; // names; ends with NULL; made when new
    const char *const *remove_tags;
    const json_t *fields; // custom fields: an object of keys and values, null empties
    gboolean no_reply_needed;
    gint64 if_version; // refuse with precondition when the conversation has another version; 0: any
} ConversationChange;

// Errors: not_found, precondition, invalid. id may be an alias. What opens or moves to a team
// without an assignee may find one by itself (desk/assignment.h).
gboolean conversation_change_by(Db *db, Id id, const ConversationChange *change,
                                ConversationActor who, GError **error);

// The same by an agent.
gboolean conversation_change(Db *db, Id id, const ConversationChange *change, Id agent_id,
                             GError **error);

// Wakes every snoozed conversation whose time has come, oldest first, at most 100. The main
// thread's agenda.
gboolean conversation_wake_snoozed(Db *db, Instant now, GError **error);
