// Running a macro over some conversations: each for itself, all or nothing, with what undoes it.
// Used by api. Prepared on a work thread, applied in one writer job.
#pragma once

#include "desk/action_run.h"

typedef struct MacroRun MacroRun;

// Takes actions.
MacroRun *macro_run_new(ActionList *actions, Id agent_id) G_GNUC_WARN_UNUSED_RESULT;
void macro_run_free(MacroRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MacroRun, macro_run_free)

// One more conversation; with a problem (taken) it is only answered.
void macro_run_add(MacroRun *run, Id conversation_id, GError *problem);

// A work thread's. What fails is answered for its conversation.
void macro_run_prepare(MacroRun *run, const ReplyContext *context);

// Writer thread only. An array with an object for each conversation, in order: {"id", "is_done":
// true, "done": [...], "message_id", "undo": {...}} or {"id", "is_done": false, "code", "detail"}.
// undo is a change of the conversation (PATCH) that takes back what the macro changed; a reply is
// taken back by its id. NULL with an error where the store failed.
json_t *macro_run_apply(Db *db, MacroRun *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;
