// Doing a list of actions to one conversation, for an agent's macro or for a rule: prepared on a
// work thread (templates, a reply's recipients and texts), then applied within a writer job, all of
// it or nothing. What a rule did is recorded as the rule's, so that it answers no wait (metrics.md
// Waits 3) and sets off no other rule. Used by desk/macro_run and desk/rules.
#pragma once

#include "desk/reply.h"
#include "model/action.h"

typedef struct {
    // What is to be done.
    const ActionList *actions; // borrowed
    Id conversation_id;
    Actor actor;     // ACTOR_AGENT or ACTOR_RULE
    Id actor_id;     // the agent, or the rule
    char *reply_key; // a reply with the same key is written once (Reply.client_key), or NULL
    gint64 undo_ms;  // of a reply

    // Private: what was prepared.
    Reply *reply;
    GHashTable *values; // of templates

    // Results of action_run_apply.
    json_t *done;         // names of the actions that were done, in order
    Id message_id;        // of the reply; 0: none
    const char *withheld; // the code of why the reply was not written, or NULL
} ActionRun;

// Takes nothing.
ActionRun *action_run_new(const ActionList *actions, Id conversation_id, Actor actor,
                          Id actor_id) G_GNUC_WARN_UNUSED_RESULT;
void action_run_free(ActionRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ActionRun, action_run_free)

// Blocks on the store's readers and the parser pool: a work thread's. FALSE with an error.
gboolean action_run_prepare(ActionRun *run, const ReplyContext *context, GError **error);

// Writer thread only. May run twice. A rule's reply that the guard of automatic messages refuses is
// withheld, and the rest is done all the same. FALSE with an error that names the action.
gboolean action_run_apply(Db *db, ActionRun *run, GError **error);
