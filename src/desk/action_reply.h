// The reply of a list of actions: made from a canned reply or a text of its own, written, or
// withheld where no machine may answer. Private to desk/action_run.
#pragma once

#include "desk/action_run.h"

// Fills run->reply with texts in the customer's language. FALSE with an error.
gboolean action_reply_make(ActionRun *run, const Action *action, Db *db, GError **error);

// Recipients, headers, blobs. Work thread only. A rule's reply that cannot be (no recipient, the
// channel takes none) is withheld.
gboolean action_reply_prepare(ActionRun *run, const ReplyContext *context, GError **error);

// Writer thread only.
gboolean action_reply_write(Db *db, ActionRun *run, GError **error);
