// Giving conversations to people by themselves: when one opens in a team, when somebody becomes
// available while others wait, and when its assignee is gone. The choice is model/assignment's;
// here it is applied, as the actor system, with an event that says why. Writer jobs only.
#pragma once

#include "model/event.h"
#include "store/db.h"

// What made the question arise; the event bears its name.
typedef enum {
    ASSIGNMENT_BEGUN,      // a customer wrote
    ASSIGNMENT_MOVED,      // to another team
    ASSIGNMENT_REOPENED,   // by a customer's message, by hand or by the end of a snooze
    ASSIGNMENT_WAITED,     // until somebody was available
    ASSIGNMENT_TAKEN_BACK, // from somebody who is absent too long
    ASSIGNMENT_CAUSES,
} AssignmentCause;

// A conversation belongs to its channel's team from its beginning: for whoever has recorded that
// (conversation_begun, with a channel) in the same job. Assigns nobody yet.
gboolean assignment_begin(Db *db, const Event *begun, GError **error);

// Gives the conversation to a member of its team when it is open and nobody has it, or nobody who
// works: a disabled assignee loses it always, an absent one when it was reopened or is taken back.
// Nothing happens where there is nobody to choose.
gboolean assignment_settle(Db *db, Id conversation_id, AssignmentCause cause, GError **error);

// Refuses (invalid) an assignee by hand who is disabled or may not see the conversation as it
// stands; for after the change, in the same job.
gboolean assignment_check(Db *db, Id conversation_id, GError **error);

// Gives out what waits, the longest waiting first, at most limit conversations.
gboolean assignment_distribute(Db *db, guint limit, GError **error);

// Takes conversations whose customer waits from agents who are disabled, or absent longer than
// their team allows, and gives them to others; at most limit. Resolved ones stay.
gboolean assignment_take_back(Db *db, Instant now, guint limit, GError **error);
