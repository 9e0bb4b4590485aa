// Rows of waits, episodes and the lanes that they are folded in. Written by desk/wait_projection
// alone, within writer jobs; lists and reports are queries of reports/.
#pragma once

#include "model/wait_fold.h"
#include "store/calendar.h"

// Where a conversation stands.
typedef struct {
    WaitLane *lane;      // with its present episode and open wait, without messages; owned
    gboolean is_known;   // it has a row
    gboolean is_complex; // linked with others, or a wait is in suspense: fold it from its events
    Instant waits_from;  // of the channel that was asked for; INSTANT_NONE: from ever
    Instant waiting_since;
} WaitPlace;

void wait_place_clear(WaitPlace *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WaitPlace, wait_place_clear)

// One query. place->lane is a new one where there is no row yet.
gboolean wait_place_load(Db *db, Id conversation_id, Id channel_id, WaitPlace *place,
                         GError **error);

// Writes what is new or has changed in the lane, and the lane itself.
gboolean wait_lane_save(Db *db, const WaitLane *lane, gboolean is_linked, CalendarShelf *calendars,
                        GError **error);

// Start of the open wait, for lists.
gboolean wait_set_waiting_since(Db *db, Id conversation_id, Instant since, GError **error);

// Removes all rows of the conversation's waits, episodes and lane, and its waiting_since.
gboolean wait_remove_conversation(Db *db, Id conversation_id, GError **error);

// Links two conversations for ever: they are folded together.
gboolean wait_link_add(Db *db, Id one, Id other, GError **error);

// The conversations (of Id, sorted) that are linked with this one, itself included.
GArray *wait_link_family(Db *db, Id conversation_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The ids in the first column of the rows; takes rows, which may be NULL. NULL with an error.
GArray *wait_id_list(DbRows *rows, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// All channels' waits_from, of WaitChannel.
GArray *wait_channel_list(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Measures the business time of ended waits and resolved episodes again, of the channels of this
// calendar, where they ended after from.
gboolean wait_measure_again(Db *db, Id calendar_id, Instant from, GError **error);
