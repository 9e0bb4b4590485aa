// Rows of the outbox: what must still be sent, one row a part or recipient, each with its own state
// (reliability.md 1). Queries and single moves only; what they mean for messages and events is
// desk/outbox_record's. Moves are within writer jobs and fenced by the epoch: a late answer of an
// attempt that was given up changes nothing.
#pragma once

#include "store/db.h"

typedef enum {
    OUTBOX_QUEUED,
    OUTBOX_CLAIMED,  // an attempt is being prepared; nothing has left
    OUTBOX_SENDING,  // bytes may have left
    OUTBOX_ACCEPTED, // by the channel
    OUTBOX_REFUSED,  // for good
    OUTBOX_RETRY,    // waits for not_before
    OUTBOX_UNKNOWN,  // bytes left and no answer came: an agent or a look-up decides
    OUTBOX_CANCELLED,
    OUTBOX_STATES,
} OutboxState;

const char *outbox_state_name(OutboxState state); // "queued"
gboolean outbox_state_parse(const char *name, OutboxState *state);

typedef struct {
    Id id;
    Id message_id;
    Id conversation_id;
    Id channel_id;
    gint64 part;
    char *recipient; // "" for chat
    OutboxState state;
    Instant not_before;
    gint64 attempts;
    gint64 epoch;
    Instant began_at; // INSTANT_NONE: no attempt yet
    char *provider_id;
    char *response;
    Instant created_at;
    Instant settled_at;
} OutboxRow;

void outbox_row_free(OutboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxRow, outbox_row_free)

// Adds a queued row with an id of its own.
gboolean outbox_add(Db *db, const OutboxRow *row, GError **error);

// Rows of a message by part and recipient; of OutboxRow. NULL with an error.
GPtrArray *outbox_list(Db *db, Id message_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Rows that may be sent now: due, on a working channel, with nothing unsettled before them in their
// conversation for the same recipient, nor an earlier part that was not accepted. By not_before and
// id.
// except: channels left out, of Id; NULL: none.
GPtrArray *outbox_list_due(Db *db, Instant now, guint limit, const GArray *except,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The next instant after now at which a row falls due; INSTANT_NONE when none does.
gboolean outbox_next_due(Db *db, Instant now, Instant *next, GError **error);

// The moves. *moved tells whether the row was still where the move begins.
// queued or retry -> claimed; *epoch is the attempt's own from now on.
gboolean outbox_claim(Db *db, Id id, Instant lease_until, gint64 *epoch, gboolean *moved,
                      GError **error);
// claimed -> sending. Committed before the first byte that could have an effect.
gboolean outbox_begin(Db *db, Id id, gint64 epoch, Instant now, Instant lease_until,
                      gboolean *moved, GError **error);
// claimed or sending -> state. response and provider_id may be NULL (kept as they are).
typedef struct {
    OutboxState state;
    Instant not_before; // with OUTBOX_RETRY
    const char *provider_id;
    const char *response;
} OutboxOutcome;
gboolean outbox_settle(Db *db, Id id, gint64 epoch, const OutboxOutcome *outcome, Instant now,
                       gboolean *moved, GError **error);
// from -> to for all rows of a message, by somebody's decision; *count of them.
gboolean outbox_decide(Db *db, Id message_id, OutboxState from, OutboxState to,
                       const char *response, Instant now, gint64 *count, GError **error);
// One recipient's row -> refused, by a bounce.
gboolean outbox_refuse_recipient(Db *db, Id message_id, const char *recipient, const char *response,
                                 Instant now, gboolean *moved, GError **error);

// Claimed rows whose lease ended before now go back to queued, sending ones become unknown: after a
// crash (now INSTANT_NONE: all leases), or a thread that never came back. Messages concerned are
// added to *messages (of Id).
gboolean outbox_recover(Db *db, Instant now, GArray *messages, GError **error);

// Nothing of this channel is due before that instant (Retry-After).
gboolean outbox_postpone(Db *db, Id channel_id, Instant until, GError **error);
