// Moves of outbox rows with all that follows from them: the message's state and the events that
// waits are folded from. Writer jobs only. Used by desk/outbox for receipts, by api for agents'
// decisions, by inbound for bounces. Sends nothing.
#pragma once

#include "model/mail.h"
#include "model/outgoing.h"
#include "store/outbox.h"

// Makes the message's state agree with its rows; records message_sent, reply_failed or
// reply_unknown where that changed it.
gboolean outbox_project(Db *db, Id message_id, GError **error);

// What became of an attempt at this row (its epoch fences).
gboolean outbox_record_receipt(Db *db, const OutboxRow *row, const Receipt *receipt, Instant now,
                               GError **error);

// An attempt that never began: back to the queue, without an attempt's back-off when at is now.
gboolean outbox_release(Db *db, const OutboxRow *row, Instant at, GError **error);

// Crash recovery (store/outbox.h outbox_recover) with its events.
gboolean outbox_recover_and_record(Db *db, Instant now, GError **error);

// An agent's decisions. not_found without such a message; conflict where its rows are not in a
// state that this applies to.
gboolean outbox_cancel(Db *db, Id message_id, GError **error);     // what is still held or queued
gboolean outbox_send_again(Db *db, Id message_id, GError **error); // unknown, or refused
gboolean outbox_mark_sent(Db *db, Id message_id, GError **error);  // unknown: it has arrived

// Sets back the status that was set together with this reply, unless it has changed since. Part of
// outbox_cancel.
gboolean outbox_take_back_status(Db *db, Id message_id, GError **error);

// A look-up settled an unknown message: it stands in the Sent folder.
gboolean outbox_record_found(Db *db, Id message_id, GError **error);

// A delivery report about a mail of ours (reliability.md E13): message_id is that of a signed id or
// an envelope id, found by the caller. Failed recipients are refused; others change nothing.
// *known: whether that is a message of ours with such recipients.
gboolean outbox_record_bounce(Db *db, Id message_id, const GPtrArray *reports, gboolean *known,
                              GError **error);
