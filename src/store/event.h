// The event table: append and read. Append only through desk/record.h, which also folds the
// projections.
#pragma once

#include "model/event.h"
#include "store/db.h"

// Appends; sets event->seq to the next of the dense sequence. Writer jobs only.
gboolean event_add(Db *db, Event *event, GError **error);

// All events of one conversation row in the order of folds: (occurred_at, id). Owned list of Event.
// Events of conversations joined into it stand under their own conversation_id.
GPtrArray *event_list_of_conversation(Db *db, Id conversation_id,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Only those that model/conversation_history is folded from.
GPtrArray *event_list_of_standing(Db *db, Id conversation_id,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Up to limit events with seq > after, in seq order. Owned list of Event.
GPtrArray *event_list_since(Db *db, gint64 after, guint limit,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The highest sequence; 0 when there is none.
gboolean event_last_seq(Db *db, gint64 *seq, GError **error);
