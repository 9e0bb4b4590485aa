// Decoding an intake row again, with a newer program or after a passing failure: quarantined mail
// and web hooks become what they should have been. Used by api (and through it by dialogctl
// replay).
#pragma once

#include "desk/channel_directory.h"
#include "desk/inbound.h"
#include "mime/parser_pool.h"
#include "store/store.h"

// Borrowed.
typedef struct {
    Store *store;
    Inbound *inbound;
    ChannelDirectory *channels;
    ParserPool *parsers;
} ReplayContext;

// Decodes and stores the row again; *state says what it is now. A row that is stored already
// changes nothing. Blocks: on the work pool, never on an http thread. Errors: not_found, conflict
// (its raw bytes were not kept), unavailable.
gboolean replay_intake(const ReplayContext *context, Id intake_id, DeliveryState *state,
                       GError **error);
